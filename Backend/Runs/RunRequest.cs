using System.Text.Json.Nodes;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>A run as asked for by form, command line or API.</summary>
/// <param name="Options">Values that differ from the preset's, under their camel-case names; null for none.</param>
/// <param name="Seed">Null: 0.</param>
/// <param name="Device">Null: <c>cpu</c>.</param>
/// <param name="Profile">Whether the time of the first training steps is taken apart.</param>
public sealed record RunRequest(
    string Method,
    string Dataset,
    string? Preset = null,
    JsonObject? Options = null,
    long? Seed = null,
    string? Device = null,
    string? Name = null,
    IReadOnlyDictionary<string, string>? Inputs = null,
    string? Group = null,
    bool Profile = false)
{
    /// <summary>The same run once more: options, seed, device and the very runs that it has started from.</summary>
    public static RunRequest Again(RunSpec spec) => new(
        spec.Method, spec.Dataset, spec.Preset, spec.Options.DeepClone().AsObject(), spec.Seed, spec.Device, spec.Name,
        spec.Inputs.Count == 0 ? null : spec.Inputs, Profile: spec.Profile);
}
