using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.AutoAugment;

/// <summary>
/// One of AutoAugment's operations (Cubuk et al., CVPR 2019, table 6). A policy names magnitudes by the numbers 0 to 9, which divide the operation's
/// range evenly. Ranges and signs are those of SimSeg's authors (<c>simseg/transforms/mml/auto_augment.py</c>, which is DeepVoltaire's), and
/// elsewhere others: torchvision solarises from 255 instead of 256, shears by nearest neighbour, fills with black, and turns either way, where the
/// authors turn counter-clockwise only.
/// </summary>
/// <param name="Name">As the paper's, in camel case.</param>
/// <param name="Apply">On an RGB image, which stays as it is, with a magnitude.</param>
/// <param name="Lowest">Magnitude of number 0.</param>
/// <param name="Highest">Magnitude of number 9.</param>
/// <param name="EitherSign">Whether half of the magnitudes are negated.</param>
public sealed record Operation(string Name, Func<ImageBuffer, double, ImageBuffer> Apply, double Lowest = 0, double Highest = 0,
    bool EitherSign = false)
{
    private const int HighestNumber = 9;

    public static readonly Operation ShearX = new("shearX", GeometricOperations.ShearX, 0, 0.3, EitherSign: true);
    public static readonly Operation ShearY = new("shearY", GeometricOperations.ShearY, 0, 0.3, EitherSign: true);
    public static readonly Operation TranslateX = new("translateX", GeometricOperations.TranslateX, 0, 150 / 331.0, EitherSign: true);
    public static readonly Operation TranslateY = new("translateY", GeometricOperations.TranslateY, 0, 150 / 331.0, EitherSign: true);
    public static readonly Operation Rotate = new("rotate", GeometricOperations.Rotate, 0, 30);
    public static readonly Operation AutoContrast = new("autocontrast", (image, _) => ColourOperations.AutoContrast(image));
    public static readonly Operation Invert = new("invert", (image, _) => ColourOperations.Invert(image));
    public static readonly Operation Equalize = new("equalize", (image, _) => ColourOperations.Equalize(image));
    public static readonly Operation Solarize = new("solarize", ColourOperations.Solarize, 256, 0);
    public static readonly Operation Posterize = new("posterize", ColourOperations.Posterize, 8, 4);
    public static readonly Operation Contrast = new("contrast", ColourOperations.Contrast, 0, 0.9, EitherSign: true);
    public static readonly Operation Color = new("color", ColourOperations.Color, 0, 0.9, EitherSign: true);
    public static readonly Operation Brightness = new("brightness", ColourOperations.Brightness, 0, 0.9, EitherSign: true);
    public static readonly Operation Sharpness = new("sharpness", ColourOperations.Sharpness, 0, 0.9, EitherSign: true);

    public static IReadOnlyList<Operation> All { get; } =
        [ShearX, ShearY, TranslateX, TranslateY, Rotate, AutoContrast, Invert, Equalize, Solarize, Posterize, Contrast, Color, Brightness, Sharpness];

    /// <param name="number">0 to 9.</param>
    public double Magnitude(int number) => Lowest + number * ((Highest - Lowest) / HighestNumber);
}
