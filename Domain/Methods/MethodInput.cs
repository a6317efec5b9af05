using System.Text.Json.Serialization;
using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods;

/// <summary>An artifact of an earlier run that a method starts from.</summary>
/// <param name="Role">The name under which <c>spec.json</c> keeps the run: "baseline".</param>
/// <param name="Kind">What it takes from that run.</param>
public sealed record MethodInput(string Role, string Title, string Description, ArtifactKind Kind)
{
    /// <summary>Methods whose runs are eligible; empty: those of every method that leaves such an artifact.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>The option that names the split which the artifact must cover; null where any will do.</summary>
    public string? SplitOption { get; init; }

    /// <summary>The option that, when it is given, replaces the run.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>Where neither is given, such a run is reused, or made first; null where none is made.</summary>
    [JsonIgnore]
    public InputMaker? MadeBy { get; init; }

    /// <summary>Whether runs of a method are eligible.</summary>
    public bool Takes(MethodDescriptor method) =>
        Methods.Count > 0
            ? Methods.Contains(method.Name)
            : method.Presets.Any(preset => preset.Options.Produces().Any(artifact => artifact.Kind == Kind));
}

/// <summary>How a run is made that another one needs: on the same data set, with the same seed.</summary>
/// <param name="PresetOf">From the preset of the run that needs it to the preset of the run that is made.</param>
/// <param name="Shared">Options in which the two must not differ.</param>
public sealed record InputMaker(string Method, Func<string?, string> PresetOf, IReadOnlyList<string> Shared);
