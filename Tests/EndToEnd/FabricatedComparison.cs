using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// A small generated world and three finished runs on it, without training: soft maps that are nearly right, soft maps that spill over and lie aside,
/// and label maps with the similarity maps that they were made of. Files, scores and events are written by the product's own code.
/// </summary>
public sealed class FabricatedComparison
{
    private const double ThresholdStep = 0.02;

    private readonly DataFolder _data;
    private readonly string _name;

    /// <param name="name">Of the data set; the runs' identifiers end with it.</param>
    /// <param name="keepsAllScores">Also those of the run that an older program would have made.</param>
    public FabricatedComparison(DataFolder data, string name, int images, int size, bool keepsAllScores = false)
    {
        (_data, _name) = (data, name);
        var world = CooccurrenceWorld.Make(Path.Combine(data.Path, "datasets", name), train: 2, val: images, size: size);
        new DatasetCatalog(data.Path).Register(name, world.Root);
        (Samples, Labels) = (world.Samples("val"), world.Classes.LabelNames);
        Near = WriteMaps($"20260101-000001-cam-{name}", "near", shift: 0, spill: 0.1, keepScores: true);
        Spilling = WriteMaps($"20260101-000002-cam-{name}", "spilling", shift: size / 8, spill: 0.35, keepScores: keepsAllScores);
        Masks = WriteMasks($"20260101-000003-zero-{name}", "masks", shift: size / 16);
    }

    /// <summary>Waits until the server of this address, over the same data folder, has found all of the runs: it finds them in any order.</summary>
    public async Task<FabricatedComparison> FoundAsync(string address)
    {
        using var client = new HttpClient();
        await TemporaryData.Until(
            () => client.GetStringAsync($"{address}/api/compare/sources").Result is var sources && new[] { Near, Spilling, Masks }.All(run =>
                sources.Contains(run.Id)),
            "the runs to be found");
        return this;
    }

    public IReadOnlyList<Sample> Samples { get; }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>Soft maps near the truth; its scores lie in the run folder.</summary>
    public RunFolder Near { get; }

    /// <summary>Soft maps beside the truth; a run of an older program, without scores per image.</summary>
    public RunFolder Spilling { get; }

    /// <summary>Measured label maps, and soft maps that were never swept: what a zero-shot run leaves.</summary>
    public RunFolder Masks { get; }

    private RunFolder WriteMaps(string id, string title, int shift, double spill, bool keepScores)
    {
        var folder = CreateRun(id, title);
        Directory.CreateDirectory(folder.Cams);
        foreach (var sample in Samples)
            SoftCamFile.Write(SoftCamFile.PathOf(folder.Cams, sample.Id), Maps(sample, ImageFile.ReadLabels(sample.MaskPath!), shift, spill),
                half: true);
        var score = DatasetScore.Of(Scored(), (image, _) => SoftCamFile.Read(SoftCamFile.PathOf(folder.Cams, image.Id)), Labels.Count,
            ThresholdSweep.Steps(ThresholdStep), seed: 0);
        if (keepScores)
            SplitSweepFile.Write(folder.SoftMapScores, score.Images);
        Finish(folder, score.Best.ToEvent(1, "CAM", reference: false,
            Protocol(Domain.Runs.Protocol.Stages.SeedCam, Domain.Runs.Protocol.SweptThreshold), Labels, score.Sweep));
        return folder;
    }

    private RunFolder WriteMasks(string id, string title, int shift)
    {
        var folder = CreateRun(id, title);
        Directory.CreateDirectory(folder.Masks);
        Directory.CreateDirectory(folder.Cams);
        foreach (var sample in Samples)
        {
            var truth = ImageFile.ReadLabels(sample.MaskPath!);
            ImageFile.WriteLabels(Path.Combine(folder.Masks, $"{sample.Id}.png"), Shifted(truth, shift));
            SoftCamFile.Write(SoftCamFile.PathOf(folder.Cams, sample.Id), Maps(sample, truth, shift, spill: 0.2), half: true);
        }
        var total = SplitSweep.OfLabelMaps(Scored(), image => ImageFile.ReadLabels(Path.Combine(folder.Masks, $"{image.Id}.png")),
            Labels.Count).At(null).Total;
        Finish(folder, new RunEvaluated(1, "zero-shot", false, Protocol(Domain.Runs.Protocol.Stages.ZeroShot, Domain.Runs.Protocol.NoThreshold),
            total.MeanIou, total.PerClassIou, Labels, null, null));
        return folder;
    }

    private RunFolder CreateRun(string id, string title) => RunFolder.Create(_data.Run(id).Path, new RunSpec
    {
        Id = id,
        Name = $"{title} {_name}",
        Method = "cam",
        Options = (JsonObject)CamMethod.Descriptor.Schema.Write(new CamOptions()).DeepClone(),
        Dataset = _name,
        Seed = 0,
        Device = "cpu",
        CodeVersion = "test",
        Created = DateTimeOffset.UtcNow,
    });

    private static void Finish(RunFolder folder, RunEvaluated evaluated)
    {
        using var log = new EventLogWriter(folder.Events, TimeProvider.System);
        log.Append(new RunStarted(Environment.ProcessId, "test", "cpu", "test"));
        log.Append(evaluated);
        log.Append(new RunFinished(1));
    }

    private Protocol Protocol(string stage, string thresholdSource) => new()
    {
        Stage = stage, Dataset = CooccurrenceWorld.Title, Split = "val", ThresholdSource = thresholdSource, Tags = Domain.Runs.Protocol.TagsGiven,
        Images = Samples.Count,
    };

    private IReadOnlyList<ScoredImage> Scored() =>
        [.. Samples.Select(sample => new ScoredImage(sample.Id, sample.Tags, () => ImageFile.ReadLabels(sample.MaskPath!)))];

    /// <summary>For each tag a blurred copy of its object, moved aside, over a slope that spills into the ground.</summary>
    private static SoftCam Maps(Sample sample, LabelMap truth, int shift, double spill)
    {
        var (width, height) = (truth.Width, truth.Height);
        var moved = Shifted(truth, shift);
        var radius = Math.Max(1, width / 24);
        var maps = sample.Tags.SelectMany(k => Enumerable.Range(0, width * height).Select(pixel =>
        {
            var (x, y) = (pixel % width, pixel / width);
            var near = 0;
            for (var dy = -1; dy <= 1; dy++)
                for (var dx = -1; dx <= 1; dx++)
                    near += moved[Math.Clamp(x + dx * radius, 0, width - 1), Math.Clamp(y + dy * radius, 0, height - 1)] == k + 1 ? 1 : 0;
            return (float)Math.Clamp(0.75 * near / 9 + spill * y / height + 0.02 * ((x * 7 + y * 13) % 5), 0, 1);
        }));
        return new(width, height, sample.Tags, [.. maps]);
    }

    private static LabelMap Shifted(LabelMap labels, int shift) => new(
        labels.Width,
        labels.Height,
        [.. Enumerable.Range(0, labels.Labels.Length)
            .Select(pixel =>
            labels[Math.Max(0, pixel % labels.Width - shift), pixel / labels.Width] is var label and not LabelMap.Ignore ? label : (byte)0)]);
}
