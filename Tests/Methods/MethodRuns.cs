using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Methods;

/// <summary>Runs of a method in this process, in a data folder of their own; what the last one reported stands in <see cref="Events"/>.</summary>
internal sealed class MethodRuns(TempFolder folder, MethodDescriptor descriptor, Func<IRunMethod> method)
{
    public List<RunEvent> Events { get; } = [];

    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs to the end, or until <paramref name="stopAfter"/> is true of an event.</summary>
    public RunFolder Execute(MethodOptions options, IImageDataset dataset, string? id = null, Func<RunEvent, bool>? stopAfter = null)
    {
        Events.Clear();
        using var stop = new CancellationTokenSource();
        var context = Context(options, dataset, RunFolder.Create(folder.File("runs", id ?? Guid.NewGuid().ToString("N")), Spec(options, dataset)), isResume: false, stop, stopAfter);
        try
        {
            method().Execute(context);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        return context.Folder;
    }

    public void Resume(RunFolder run, MethodOptions options, IImageDataset dataset)
    {
        Events.Clear();
        using var stop = new CancellationTokenSource();
        method().Execute(Context(options, dataset, run, isResume: true, stop));
    }

    public DryRunReport DryRun(MethodOptions options, IImageDataset dataset)
    {
        using var stop = new CancellationTokenSource();
        return method().DryRun(Context(options, dataset, new RunFolder(folder.File("dry-run")), isResume: false, stop));
    }

    /// <summary>The metrics that name a value, in order.</summary>
    public List<RunMetrics> Metrics(string name) => [.. Events.OfType<RunMetrics>().Where(metrics => metrics.Values.ContainsKey(name))];

    /// <summary>Every value of every curve, for comparisons.</summary>
    public List<string> Curves() => [.. Events.OfType<RunMetrics>().SelectMany(metrics => metrics.Values.Select(value => $"{metrics.Step} {value.Key} {value.Value:R}"))];

    private RunContext Context(MethodOptions options, IImageDataset dataset, RunFolder run, bool isResume, CancellationTokenSource stop, Func<RunEvent, bool>? stopAfter = null) => new()
    {
        Folder = run,
        Spec = Spec(options, dataset),
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

    private RunSpec Spec(MethodOptions options, IImageDataset dataset) => new()
    {
        Id = "test",
        Method = descriptor.Name,
        Options = descriptor.Schema.Write(options),
        Dataset = dataset.Root,
        Seed = 0,
        Device = "cpu",
        Inputs = Inputs,
        CodeVersion = "test",
        Created = DateTimeOffset.UnixEpoch,
    };
}
