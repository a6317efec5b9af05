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
    public OptionSchema Schema { get; } = OptionSchema.Of(OptionsType);

    /// <summary>Earlier runs that it starts from.</summary>
    public IReadOnlyList<MethodInput> Inputs { get; init; } = [];
}

/// <summary>Named values of a method's options.</summary>
public sealed record MethodPreset(string Name, string Title, string Description, MethodOptions Options);
