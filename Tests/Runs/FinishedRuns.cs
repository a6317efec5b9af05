using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs;

/// <summary>Run folders as finished runs leave them, written at once: without a worker.</summary>
public static class FinishedRuns
{
    public static readonly Protocol Protocol = new()
    {
        Stage = Protocol.Stages.SeedCam, Dataset = "empty", Split = "val", Threshold = 0.2, ThresholdSource = Protocol.SweptThreshold,
        Tags = Protocol.TagsGiven, Images = 4,
    };

    /// <param name="day">After the first of January 2026: when the run was made.</param>
    public static RunFolder Write(DataFolder data, string id, double miou = 0.3, int day = 0, string? name = null, string method = "cam",
        string dataset = "empty", string? group = null, string? input = null, int epochs = 1)
    {
        var created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day);
        var folder = RunFolder.Create(data.Run(id).Path, new RunSpec
        {
            Id = id, Name = name, Method = method, Options = CamMethod.Descriptor.Schema.Write(new CamOptions { Epochs = epochs }), Dataset = dataset,
            Seed = day, Device = "cpu", Group = group,
            Inputs = input is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["baseline"] = input }, CodeVersion = "test",
            Created = created,
        });
        WriteLog(folder, created,
            new RunStarted(1, "here", "cpu", "test"),
            new RunMetrics(1, 1, new Dictionary<string, double> { ["loss"] = 0.5 }),
            new RunProgress("train", 1, 1, 1, 1, 10, 1) { Fraction = 0.9 },
            new RunSnapshot(1, 1, [new SnapshotPanel("a", "image", null, "snapshots/a.png")]),
            new RunCheckpoint(1, 1, "checkpoints/epoch-0001"),
            Evaluated(miou),
            Evaluated(0.1, "all background"),
            new RunFinished(day + 1.5));
        return folder;
    }

    public static RunEvaluated Evaluated(double miou, string row = "CAM", Protocol? protocol = null, double? cat = 0.2) =>
        new(1, row, row != "CAM", protocol ?? Protocol, miou, [0.7, cat], ["background", "cat"], new(miou, miou, 0.95),
            [new(0.1, miou), new(0.2, miou)]);

    /// <summary>Numbered, and a second apart.</summary>
    public static void WriteLog(RunFolder folder, DateTimeOffset start, params IEnumerable<RunEvent> events) =>
        File.WriteAllLines(folder.Events,
            events.Select((next, i) => JsonSerializer.Serialize(next with { Seq = i + 1, Time = start.AddSeconds(i) }, RunJson.Line)));
}
