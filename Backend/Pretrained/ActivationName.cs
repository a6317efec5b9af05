using Dashboard.Backend.Models.Clip;

namespace Dashboard.Backend.Pretrained;

/// <summary>How people write a CLIP's activation.</summary>
public static class ActivationName
{
    private const string QuickGelu = "quickgelu";
    private const string Gelu = "gelu";

    public static string[] All { get; } = [QuickGelu, Gelu];

    /// <summary>In running text.</summary>
    public static string Shown(ClipActivation activation) => activation == ClipActivation.QuickGelu ? "QuickGELU" : "GELU";

    /// <param name="name">Null or empty: not given.</param>
    /// <exception cref="ModelException">It is another word.</exception>
    public static ClipActivation? Parse(string? name) => name?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        QuickGelu or "quick_gelu" => ClipActivation.QuickGelu,
        Gelu => ClipActivation.Gelu,
        _ => throw new ModelException($"activation: '{name}' is neither {QuickGelu} nor {Gelu}."),
    };
}
