using System.Text.Json.Nodes;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>A pipeline as asked for by page, command line or API.</summary>
/// <param name="Preset">Null: the pipeline's first.</param>
/// <param name="Seed">Null: 0.</param>
/// <param name="Device">Null: <c>cpu</c>.</param>
/// <param name="Choice">One of the values of the pipeline's choice; null for its first.</param>
/// <param name="Options">By stage, values that differ from the preset's; null for none.</param>
/// <param name="Name">A title; null for none.</param>
public sealed record PipelineRequest(
    string Dataset,
    string? Preset = null,
    long? Seed = null,
    string? Device = null,
    string? Choice = null,
    IReadOnlyDictionary<string, JsonObject>? Options = null,
    string? Name = null);
