using System.Text.Json.Nodes;

namespace Dashboard.Domain.Pipelines;

/// <summary>A named plan, read from top to bottom: every stage is a run, and starts from stages above it.</summary>
/// <param name="Name">As typed after <c>pipeline</c>: "wsss".</param>
/// <param name="Title">As shown: "Tags to masks".</param>
/// <param name="Presets">The first is the form's default.</param>
public sealed record Pipeline(string Name, string Title, string Description, IReadOnlyList<PipelinePreset> Presets,
    IReadOnlyList<PipelineStage> Stages)
{
    /// <summary>What may be chosen between; null where all stages always run.</summary>
    public PipelineChoice? Choice { get; init; }

    /// <summary>The stages that run.</summary>
    /// <param name="choice">One of the <see cref="Choice"/>'s values; null for its first.</param>
    public IReadOnlyList<PipelineStage> StagesOf(string? choice)
    {
        var chosen = choice ?? Choice?.Values[0];
        return [.. Stages.Where(stage => stage.OnlyWith.Count == 0 || (chosen is not null && stage.OnlyWith.Contains(chosen)))];
    }
}

/// <summary>Named values of all stages' options.</summary>
public sealed record PipelinePreset(string Name, string Title, string Description);

/// <summary>Which of a pipeline's stages run.</summary>
/// <param name="Name">As set: "refine".</param>
/// <param name="Values">The first is the default.</param>
public sealed record PipelineChoice(string Name, string Description, IReadOnlyList<string> Values);

/// <summary>One run of a pipeline.</summary>
/// <param name="Name">Unique in the pipeline: "clims".</param>
/// <param name="Method">The method's name.</param>
public sealed record PipelineStage(string Name, string Method)
{
    /// <summary>Stages above that it starts from, by role: the first of them that runs.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> From { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The method's preset for a preset of the pipeline, where the two are called differently.</summary>
    public IReadOnlyDictionary<string, string> Presets { get; init; } = new Dictionary<string, string>();

    /// <summary>Options that differ from the preset's.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>Values of the pipeline's choice with which it runs; empty: with all.</summary>
    public IReadOnlyList<string> OnlyWith { get; init; } = [];

    /// <summary>The method's preset.</summary>
    /// <param name="preset">Of the pipeline.</param>
    public string PresetOf(string preset) => Presets.GetValueOrDefault(preset, preset);

    /// <summary>The stage that it starts from in each role.</summary>
    /// <param name="running">The stages that run.</param>
    public IReadOnlyDictionary<string, string> WiringAmong(IReadOnlyList<PipelineStage> running) => From
        .Select(role => (role.Key, Stage: role.Value.FirstOrDefault(name => running.Any(stage => stage.Name == name))))
        .Where(role => role.Stage is not null).ToDictionary(role => role.Key, role => role.Stage!);
}
