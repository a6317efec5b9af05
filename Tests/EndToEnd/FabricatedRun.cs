using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// A run without training: a real run folder whose events come through the real log, as those of a worker do. The test decides when each one comes;
/// while this object lives, the run counts as running.
/// </summary>
public sealed class FabricatedRun : IDisposable
{
    private const int Side = 96;
    private static readonly string[] Classes = ["boat", "train", "bird"];

    private readonly Random _noise;
    private readonly int _epochs;
    private readonly int _stepsPerEpoch;
    private readonly double _difficulty;
    private readonly IReadOnlyList<string> _terms;
    private ProcessLock? _lock;
    private EventLogWriter? _log;

    /// <param name="difficulty">Raises the loss: curves of several runs shall differ.</param>
    /// <param name="baseline">The run that it starts from: it is one of CLIMS then, and reports that method's terms.</param>
    public FabricatedRun(DataFolder data, string id, string? name = null, int epochs = 4, int stepsPerEpoch = 50, double difficulty = 1,
        string? baseline = null, string? group = null)
    {
        (_epochs, _stepsPerEpoch, _difficulty, _noise) = (epochs, stepsPerEpoch, difficulty, new Random(7));
        _terms = baseline is null ? [] : ["OTM", "BTM", "CBS", "REG"];
        var method = baseline is null ? CamMethod.Descriptor : ClimsMethod.Descriptor;
        var options = method.Schema.Write(method.Presets[0].Options);
        options["epochs"] = epochs;
        Folder = RunFolder.Create(data.Run(id).Path, new RunSpec
        {
            Id = id,
            Name = name,
            Method = method.Name,
            Options = options,
            Preset = "builtin",
            Dataset = "cooccurrence",
            Seed = 0,
            Device = "cpu",
            CodeVersion = "test",
            Inputs = baseline is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [ClimsMethod.Baseline] = baseline },
            Group = group,
            Created = DateTimeOffset.UtcNow,
        });
    }

    public RunFolder Folder { get; }

    /// <summary>Steps reported so far.</summary>
    public long Step { get; private set; }

    public FabricatedRun Start()
    {
        _lock = WorkerLock.TryTake(Folder, TimeProvider.System) ?? throw new InvalidOperationException($"{Folder.Path} is held by another worker.");
        _log = new EventLogWriter(Folder.Events, TimeProvider.System);
        Report(new RunStarted(Environment.ProcessId, Environment.MachineName, "cpu", "test"));
        return this;
    }

    public void Report(RunEvent next) => _log!.Append(next);

    /// <summary>One training step: its metrics, and every tenth time the progress.</summary>
    public void Train()
    {
        Step++;
        var epoch = (int)((Step - 1) / _stepsPerEpoch) + 1;
        var values = new Dictionary<string, double>
        {
            ["loss"] = _difficulty * 0.7 * Math.Exp(-Step / 80.0) + 0.04 + 0.05 * _noise.NextDouble(),
            ["learningRate"] = 2e-3 * Math.Pow(1 - (double)Step / (_epochs * _stepsPerEpoch + 1), 0.9),
        };
        for (var k = 0; k < _terms.Count; k++)
            (values[$"loss term/{_terms[k]}"], values[$"loss share/{_terms[k]}"]) = (values["loss"] / (k + 1), 0.1 * (k + 1));
        Report(new RunMetrics(Step, epoch, values));
        if (Step % 10 == 0)
            Report(new RunProgress("train", Step, _epochs * _stepsPerEpoch, epoch, _epochs, 212.5,
                (_epochs * _stepsPerEpoch - Step) * 0.05) { Fraction = 0.8 * Step / (_epochs * _stepsPerEpoch) });
        if (Step % _stepsPerEpoch == 0)
            EndEpoch(epoch);
    }

    public void Train(long steps)
    {
        for (var i = 0; i < steps; i++)
            Train();
    }

    /// <summary>Goes back to an earlier step, as a worker does that resumes from a checkpoint.</summary>
    public void Resume(long step)
    {
        Step = step;
        Report(new RunResumed(Environment.ProcessId, "test", step, (int)(step / _stepsPerEpoch)));
    }

    /// <param name="miou">0..1.</param>
    /// <param name="falseActivation">Reported beside the mIoU; null: not.</param>
    public void Evaluate(double miou = 0.3142, double? falseActivation = null) => Report(new RunEvaluated(
        Step, "CAM", Reference: false,
        new Protocol { Stage = Protocol.Stages.SeedCam, Dataset = "Co-occurrence world", Split = "val", Threshold = 0.34,
            ThresholdSource = Protocol.SweptThreshold, Tags = Protocol.TagsGiven, Images = 200 },
        miou,
        [0.712, 0.241, 0.183, 0.121],
        ["background", .. Classes],
        new ConfidenceInterval(miou - 0.0161, miou + 0.0168, 0.95),
        [.. Enumerable.Range(0, 31).Select(i => new ThresholdPoint(i * 0.02, miou * Math.Exp(-Math.Pow((i * 0.02 - 0.34) / 0.25, 2))))])
    {
        Measures = falseActivation is { } share ? new Dictionary<string, double> { [CooccurrenceMeasures.FalseActivation] = share } : null,
    });

    public void Finish()
    {
        Report(new RunFinished(12.5));
        Dispose();
    }

    public void Dispose()
    {
        _log?.Dispose();
        _lock?.Dispose();
        (_log, _lock) = (null, null);
    }

    private void EndEpoch(int epoch)
    {
        Report(new RunMetrics(Step, epoch,
            new Dictionary<string, double> { ["epoch/loss"] = _difficulty * 0.7 * Math.Exp(-Step / 80.0) + 0.065,
            ["epoch/mAP"] = 0.9 - 0.5 * Math.Exp(-epoch) }));
        Directory.CreateDirectory(Folder.File($"snapshots/epoch-{epoch:0000}"));
        Report(new RunSnapshot(Step, epoch, [.. Enumerable.Range(0, 4).SelectMany(image => Panels(epoch, image))]));
        Report(new RunCheckpoint(Step, epoch, $"checkpoints/epoch-{epoch:0000}"));
        Report(new RunLog("info", $"Epoch {epoch} done."));
        File.AppendAllText(Folder.WorkerLog, $"epoch {epoch} of {_epochs}: step {Step}\n");
    }

    private IEnumerable<SnapshotPanel> Panels(int epoch, int image)
    {
        var name = $"2026_{image:000000}";
        string Path(string what) => $"snapshots/epoch-{epoch:0000}/{name}-{what}.png";
        var (x, y) = (30 + 12 * image, 60 - 8 * image);
        var photo = Paint((u, v) => Inside(u, v, x, y, 18) ? (210, 170, 90) : ((int)(90 + v * 0.6), 120, (int)(190 - v)));
        ImageFile.WritePng(Folder.File(Path("image")), photo);
        yield return new SnapshotPanel(name, "image", null, Path("image"));
        ImageFile.WriteLabels(Folder.File(Path("truth")), Labels((u, v) => Inside(u, v, x, y, 18) ? (byte)(image % 3 + 1) : (byte)0));
        yield return new SnapshotPanel(name, "truth", null, Path("truth"));
        foreach (var k in new[] { image % 3, (image + 1) % 3 })
        {
            var spread = 45.0 / epoch + (k == image % 3 ? 8 : 30);
            ImageFile.WritePng(Folder.File(Path($"cam-{Classes[k]}")),
                Paint((u, v) => Heat(Math.Exp(-(Square(u - x) + Square(v - y)) / Square(spread)))));
            yield return new SnapshotPanel(name, "cam", Classes[k], Path($"cam-{Classes[k]}"));
        }
        ImageFile.WriteLabels(Folder.File(Path("mask")),
            Labels((u, v) => Inside(u, v, x + 24 / epoch, y, 18 + 16 / epoch) ? (byte)(image % 3 + 1) : (byte)0));
        yield return new SnapshotPanel(name, "mask", null, Path("mask"));
    }

    private static double Square(double value) => value * value;
    private static bool Inside(int u, int v, int x, int y, int radius) => Square(u - x) + Square(v - y) < Square(radius);
    private static (int, int, int) Heat(double heat) =>
        ((int)(255 * Math.Min(1, 2 * heat)), (int)(255 * (1 - Math.Abs(2 * heat - 1))), (int)(255 * Math.Max(0, 1 - 2 * heat)));

    private static ImageBuffer Paint(Func<int, int, (int R, int G, int B)> colour)
    {
        var pixels = new byte[Side * Side * 3];
        for (var i = 0; i < Side * Side; i++)
        {
            var (r, g, b) = colour(i % Side, i / Side);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)r, (byte)g, (byte)b);
        }
        return new ImageBuffer(Side, Side, 3, pixels);
    }

    private static LabelMap Labels(Func<int, int, byte> label) =>
        new(Side, Side, [.. Enumerable.Range(0, Side * Side).Select(i => label(i % Side, i / Side))]);
}
