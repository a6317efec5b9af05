using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs;

/// <summary>
/// Reports one deterministic value a step, a checkpoint after every tenth and an evaluation at the end. The option epochs counts
/// the tens; the run's name says how it behaves: words like "slow" (until it is resumed), "held" (after the first ten, until <see cref="LetGo"/>),
/// "deaf", "throws", "errs" (as a fault of the program does), "dies", "fills".
/// </summary>
public sealed class CountingMethod : IRunMethod
{
    public const int StepsPerEpoch = 10;

    private const string Go = "go";

    public string Name => "cam";

    public void Execute(RunContext context)
    {
        var manner = context.Spec.Name ?? "";
        var epochs = context.Spec.Options["epochs"]?.GetValue<int>() ?? 1;
        var first = context.IsResume ? Resume(context) : 0;
        for (var epoch = first; epoch < epochs; epoch++)
        {
            for (var i = 1; i <= StepsPerEpoch; i++)
            {
                if (!manner.Contains("deaf"))
                    context.Stop.ThrowIfCancellationRequested();
                var step = (epoch * StepsPerEpoch) + i;
                context.Report(new RunProgress("train", step, epochs * StepsPerEpoch, epoch + 1, epochs, 1, null));
                context.Report(new RunMetrics(step, epoch + 1, new Dictionary<string, double> { ["loss"] = Loss(context.Spec.Seed, step) }));
                if (manner.Contains("slow") && !context.IsResume)
                    Thread.Sleep(10);
            }
            Misbehave(manner, context);
            Save(context, epoch + 1);
        }
        context.Report(new RunEvaluated(epochs * StepsPerEpoch, "CAM", false, Protocol, 0.25 + (0.01 * context.Spec.Seed), [0.5, null],
            ["background", "cat"], null, null));
    }

    public DryRunReport DryRun(RunContext context) => context.Spec.Name == "throws"
        ? throw new InvalidDataException("batchSize: the batch does not fit. Give a smaller one.")
        : new DryRunReport(0.5, 1_000_000, context.Spec.Options["epochs"]!.GetValue<int>() * StepsPerEpoch, 60);

    /// <summary>A run that is held goes on.</summary>
    public static void LetGo(RunFolder folder) => File.WriteAllText(folder.File(Go), "");

    public static double Loss(long seed, long step) => Math.Exp(-0.01 * step) * (1 + (0.1 * Math.Sin(step + seed)));

    private static Protocol Protocol { get; } = new()
    {
        Stage = Protocol.Stages.SeedCam,
        Dataset = "empty",
        Split = "val",
        Threshold = 0.2,
        ThresholdSource = Protocol.SweptThreshold,
        Tags = Protocol.TagsGiven,
        Images = 1,
    };

    private static void Misbehave(string manner, RunContext context)
    {
        while (manner.Contains("held") && !File.Exists(context.Folder.File(Go)))
        {
            context.Stop.ThrowIfCancellationRequested();
            Thread.Sleep(10);
        }
        if (manner.Contains("throws"))
            throw new InvalidDataException("image 7.jpg is damaged. Replace it.");
        if (manner.Contains("errs"))
            throw new InvalidOperationException("index 7 is not below 7\nException raised from check_index at /src/native.cpp:99");
        if (manner.Contains("dies"))
            Environment.FailFast("as a native library would");
        if (manner.Contains("fills"))
            while (true)
                context.Report(new RunLog("info", new string('x', 1000)));
    }

    private static void Save(RunContext context, int epoch)
    {
        var folder = Path.Combine("checkpoints", $"epoch-{epoch:0000}");
        context.Flush();
        Directory.CreateDirectory(context.Folder.File(folder));
        context.Report(new RunCheckpoint(epoch * StepsPerEpoch, epoch, folder));
    }

    private static int Resume(RunContext context)
    {
        Directory.CreateDirectory(context.Folder.Checkpoints);
        var epoch = Directory.GetDirectories(context.Folder.Checkpoints).Select(path =>
            int.Parse(Path.GetFileName(path)["epoch-".Length..])).DefaultIfEmpty(0).Max();
        context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, epoch * StepsPerEpoch, epoch));
        return epoch;
    }
}
