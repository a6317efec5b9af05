using System.Text.Json.Serialization;

namespace Dashboard.Domain.Methods;

/// <summary>An earlier run that a method starts from.</summary>
/// <param name="Role">The name under which <c>spec.json</c> keeps the run: "baseline".</param>
/// <param name="Method">The method whose finished runs are eligible.</param>
public sealed record MethodInput(string Role, string Title, string Description, string Method)
{
    /// <summary>The option that, when it is given, stands for the run.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>
    /// Where neither is given, a run of this preset on the same data set with the same seed is reused, or made first. From the preset of the run that needs it
    /// to the preset of the run that is made; null where none is made.
    /// </summary>
    [JsonIgnore]
    public Func<string?, string>? PresetOf { get; init; }

    /// <summary>Options in which the run that is made must not differ from the one that needs it.</summary>
    public IReadOnlyList<string> Shared { get; init; } = [];
}
