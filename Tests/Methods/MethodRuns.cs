using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods;

/// <summary>Runs of a method in this process, in a data folder of their own; what the last one reported stands in <see cref="Events"/>.</summary>
internal sealed class MethodRuns(TempFolder folder, MethodDescriptor descriptor, Func<IRunMethod> method)
{
    public List<RunEvent> Events { get; } = [];

    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs to the end, or until <paramref name="stopAfter"/> is true of an event.</summary>
    public RunFolder Execute(MethodOptions options, IImageDataset dataset, string? id = null, long seed = 0, Func<RunEvent, bool>? stopAfter = null)
    {
        Events.Clear();
        using var stop = new CancellationTokenSource();
        var spec = Spec(options, dataset, seed);
        var context =
            Context(spec, dataset, RunFolder.Create(folder.File("runs", id ?? Guid.NewGuid().ToString("N")), spec), isResume: false, stop, stopAfter);
        try
        {
            method().Execute(context);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        return context.Folder;
    }

    /// <summary>
    /// Tensors that a run has made and that are alive when it is over and what it let go has been collected. TorchSharp counts every Parameter once
    /// too often, so this is no less than their number; runs of more steps must leave no more.
    /// </summary>
    public long TensorsLeftBy(MethodOptions options, IImageDataset dataset)
    {
        var before = LiveTensors();
        Execute(options, dataset);
        return LiveTensors() - before;
    }

    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    public void Resume(RunFolder run, MethodOptions options, IImageDataset dataset)
    {
        Events.Clear();
        using var stop = new CancellationTokenSource();
        method().Execute(Context(Spec(options, dataset), dataset, run, isResume: true, stop));
    }

    public DryRunReport DryRun(MethodOptions options, IImageDataset dataset)
    {
        using var stop = new CancellationTokenSource();
        return method().DryRun(Context(Spec(options, dataset), dataset, new RunFolder(folder.File("dry-run")), isResume: false, stop));
    }

    /// <summary>The metrics that name a value, in order.</summary>
    public List<RunMetrics> Metrics(string name) => [.. Events.OfType<RunMetrics>().Where(metrics => metrics.Values.ContainsKey(name))];

    /// <summary>Every value of every curve, for comparisons.</summary>
    public List<string> Curves() =>
        [.. Events.OfType<RunMetrics>().SelectMany(metrics => metrics.Values.Select(value => $"{metrics.Step} {value.Key} {value.Value:R}"))];

    /// <summary>The score of every row, under its protocol.</summary>
    public List<(string Protocol, double Miou)> Scores() =>
        [.. Events.OfType<RunEvaluated>().Select(evaluated => (evaluated.Protocol.Key, evaluated.Miou))];

    private RunContext Context(RunSpec spec, IImageDataset dataset, RunFolder run, bool isResume, CancellationTokenSource stop,
        Func<RunEvent, bool>? stopAfter = null) => new()
    {
        Folder = run,
        Spec = spec,
        Dataset = dataset,
        Data = new DataFolder(folder.Path),
        IsResume = isResume,
        Stop = stop.Token,
        Report = next =>
        {
            Events.Add(next);
            if (stopAfter?.Invoke(next) == true)
                stop.Cancel();
        },
        Flush = () => { },
        Time = TimeProvider.System,
    };

    private RunSpec Spec(MethodOptions options, IImageDataset dataset, long seed = 0) => new()
    {
        Id = "test",
        Method = descriptor.Name,
        Options = descriptor.Schema.Write(options),
        Dataset = dataset.Root,
        Seed = seed,
        Device = "cpu",
        Inputs = Inputs,
        CodeVersion = "test",
        Created = DateTimeOffset.UnixEpoch,
    };
}
