using System.Text.Json.Nodes;

namespace Dashboard.Backend.Runs;

/// <summary>A run as asked for by form, command line or API.</summary>
/// <param name="Options">Values that differ from the preset's, under their camel-case names; null for none.</param>
/// <param name="Seed">Null: 0.</param>
/// <param name="Device">Null: <c>cpu</c>.</param>
public sealed record RunRequest(
    string Method,
    string Dataset,
    string? Preset = null,
    JsonObject? Options = null,
    long? Seed = null,
    string? Device = null,
    string? Name = null,
    IReadOnlyDictionary<string, string>? Inputs = null,
    string? Group = null);
