namespace Dashboard.Domain.Methods;

/// <summary>The training of a small CLIP as the launch form knows it.</summary>
public static class ClipMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "clip",
        "Small CLIP",
        "A CLIP of under a million parameters, trained from images and captions: the judge that CLIMS asks where no published one fits.",
        typeof(ClipTrainingOptions),
        [
            new("builtin", "Built-in (CPU, minutes)", "From the captions of the co-occurrence world: the model that ships with the project.", new ClipTrainingOptions()),
        ]);
}
