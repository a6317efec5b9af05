namespace Dashboard.Backend.Images.Resizing;

/// <summary>PIL's filters of the same names.</summary>
public enum ResampleFilter
{
    Nearest,

    /// <summary>Triangle, support 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = -0.5, support 2.</summary>
    Bicubic,
}
