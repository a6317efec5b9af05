using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Artifacts;

/// <summary>One thing that a finished run leaves for others.</summary>
/// <param name="Split">The split of the data set that it covers; null where it covers none, as a network does.</param>
public sealed record Artifact(ArtifactKind Kind, string? Split = null)
{
    /// <summary>What a run leaves when it has finished; nothing where this version does not know its method or its options.</summary>
    public static IReadOnlyList<Artifact> Of(RunSpec spec)
    {
        if (MethodCatalog.Find(spec.Method) is not { } method)
            return [];
        method.Schema.Read(spec.Options, out var options);
        return options is null ? [] : [.. options.Produces()];
    }

    /// <summary>"soft maps of the split 'train'", "network".</summary>
    public override string ToString() => Split is null ? NameOf(Kind) : $"{NameOf(Kind)} of the split '{Split}'";

    public static string NameOf(ArtifactKind kind) => kind switch
    {
        ArtifactKind.Network => "network",
        ArtifactKind.SoftMaps => "soft maps",
        ArtifactKind.LabelMaps => "label maps",
        ArtifactKind.Saliency => "saliency maps",
        ArtifactKind.AccumulatedMaps => "accumulated attention maps",
        _ => "text-image model",
    };
}
