using System.Security.Cryptography;
using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Domain.Pipelines;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>
/// What a launch of a pipeline has led to: <c>pipelines/GROUP.json</c> in the data folder. Its runs may be shared with other launches.
/// </summary>
/// <param name="Group">Borne by the runs that were made for it.</param>
/// <param name="Stages">In the pipeline's order.</param>
public sealed record PipelineRecord(string Group, string Pipeline, PipelineRequest Request, DateTimeOffset Created,
    IReadOnlyList<RecordedStage> Stages)
{
    /// <summary>Bytes: options of a dozen stages with their tables of prompts.</summary>
    private const int Longest = 16 << 20;

    /// <summary>A new one: "wsss-20260101-120000-1f2e".</summary>
    public static string NewGroup(string prefix, TimeProvider time) =>
        $"{prefix}-{time.GetUtcNow():yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}";

    public static PipelineRecord Of(Pipeline pipeline, PipelineRequest request, string group, SettledPlan plan, TimeProvider time) => new(
        group, pipeline.Name, request, time.GetUtcNow(),
        [.. plan.Wanted.Select(run => new RecordedStage(run.Stage!, run.Spec.Method, run.Spec.Id, run.Step == PlanStep.Reuse))]);

    /// <summary>Null where there is none of this name, or where it cannot be read.</summary>
    /// <param name="group">May come from a browser.</param>
    public static PipelineRecord? Read(DataFolder data, string group)
    {
        var path = PathOf(data, group);
        if (!group.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || !File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<PipelineRecord>(SmallFile.Read(path, Longest), RunJson.Strict);
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The last ones, newest first.</summary>
    public static IReadOnlyList<PipelineRecord> Newest(DataFolder data, int count) => !Directory.Exists(data.Pipelines) ? [] :
        [.. new DirectoryInfo(data.Pipelines).EnumerateFiles("*.json").OrderByDescending(file => file.LastWriteTimeUtc).Take(count)
            .Select(file => Read(data, Path.GetFileNameWithoutExtension(file.Name))).OfType<PipelineRecord>()];

    /// <summary>Aside, then renamed.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(DataFolder data)
    {
        Directory.CreateDirectory(data.Pipelines);
        var aside = PathOf(data, Group) + ".new";
        File.WriteAllText(aside, JsonSerializer.Serialize(this, RunJson.Indented));
        File.Move(aside, PathOf(data, Group));
    }

    private static string PathOf(DataFolder data, string group) => Path.Combine(data.Pipelines, group + ".json");
}

/// <summary>A stage and the run that stands for it.</summary>
/// <param name="Reused">It had finished before the pipeline was launched.</param>
public sealed record RecordedStage(string Stage, string Method, string Run, bool Reused);
