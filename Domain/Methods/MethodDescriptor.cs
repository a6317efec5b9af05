using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods;

/// <summary>A method that can be launched: what the form and the command line know of it.</summary>
/// <param name="Name">As typed after <c>train</c>: "cam".</param>
/// <param name="Title">As shown: "CAM baseline".</param>
/// <param name="Presets">Preset name to options; the first is the form's default.</param>
public sealed record MethodDescriptor(
    string Name,
    string Title,
    string Description,
    Type OptionsType,
    IReadOnlyList<MethodPreset> Presets)
{
    /// <summary>The title in a word, for narrow columns: "Maps".</summary>
    public string ShortTitle { get; init; } = Title.Split(" (")[0];

    public OptionSchema Schema { get; } = OptionSchema.Of(OptionsType);

    /// <summary>Whether there are steps, epochs and losses to be seen; otherwise images are only looked at.</summary>
    public bool Trains { get; init; } = true;

    /// <summary>To be raised when the same options give other results than before: runs of the version before are then made anew.</summary>
    public int ResultVersion { get; init; } = 1;

    /// <summary>Earlier runs that it starts from.</summary>
    public IReadOnlyList<MethodInput> Inputs { get; init; } = [];

    /// <summary>Runs that, launched together, show what each part of the method contributes; in the order in which they are read.</summary>
    public IReadOnlyList<AblationVariant> Ablation { get; init; } = [];
}

/// <summary>One run of an ablation.</summary>
/// <param name="Title">The run's name: "OTM+BTM".</param>
/// <param name="Without">Weights of the parts that it leaves out, by option; they are set to zero.</param>
public sealed record AblationVariant(string Title, IReadOnlyList<string> Without);

/// <summary>Named values of a method's options.</summary>
public sealed record MethodPreset(string Name, string Title, string Description, MethodOptions Options);
