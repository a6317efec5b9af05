using Dashboard.Backend.Datasets;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Workers;

/// <summary>Executes one run in this process: what <c>dashboard worker FOLDER</c> does.</summary>
/// <param name="methods">Makes the method of a name.</param>
public sealed class Worker(Func<string, IRunMethod> methods, IDatasetSource datasets, DataFolder data, TimeProvider time)
{
    /// <summary>As <see cref="RunContext.Refuse"/>.</summary>
    public Func<string, string?> Refuse { get; init; } = _ => null;

    private static readonly TimeSpan StopPace = TimeSpan.FromSeconds(1);

    /// <summary>Room for the deep recursion of a backward pass and of large data structures.</summary>
    private const int StackBytes = 64 << 20;

    /// <summary>
    /// cpu or cuda:N, chosen by whoever started this worker; null: as the run's spec says, and the first GPU where that names any.
    /// </summary>
    public string? Device { get; init; }

    /// <returns>0 when the run has done all it set out to do, 1 otherwise.</returns>
    /// <exception cref="InvalidRunException">
    /// The folder is not a run, the run is over, or another worker executes it: nothing has been touched.
    /// </exception>
    public int Execute(RunFolder folder, StopSignal stop)
    {
        var spec = ReadSpec(folder);
        using var held = Take(folder)
            ?? throw new InvalidRunException("run",
                $"{folder.Path}: another worker executes this run{Describe(WorkerLock.Holder(folder, time))}. Stop it first.");
        using var lost = held.Lost.Register(EndAtOnce);
        try
        {
            // First of all: on a full disk the run has not begun, and says so.
            using var reserve = new LastWordReserve(folder);
            return Execute(folder, spec, held, stop);
        }
        catch (Exception error) when (error is not InvalidRunException)
        {
            // The log itself could not be written or read. With the reserve given back there is room for the last word.
            Print(error);
            QueueTicket.Remove(folder);
            using var last = new EventLogWriter(folder.Events, time);
            last.Append(FailureOf(spec, error));
            last.Complete();
            return 1;
        }
        finally
        {
            StopRequest.Remove(folder);
        }
    }

    /// <summary>What a worker on another host holds may be left by one that is gone: it has time to show that it lives.</summary>
    private ProcessLock? Take(RunFolder folder)
    {
        WorkerLock.WatchAsync(folder, time, CancellationToken.None).GetAwaiter().GetResult();
        return WorkerLock.TryTake(folder, time);
    }

    /// <summary>
    /// This process was stopped, or cut off from the disk, for so long that the run was taken from it: another worker may write to its folder now.
    /// </summary>
    private static void EndAtOnce()
    {
        Print("This worker was silent for so long that the run was taken from it. It ends.");
        ProcessIdentity.Current.Send(UnixSignal.Kill);
    }

    private int Execute(RunFolder folder, RunSpec spec, ProcessLock held, StopSignal stop)
    {
        var (began, earlier) = (time.GetTimestamp(), RunProjection.Of(folder).Active);
        using var log = Begin(folder, spec, held, out var isResume);
        Exception? failure;
        using var memory = new MemoryUse(spec.Device);
        using var request = WatchForStop(folder, stop);
        using (new SystemSampler(spec.Device, earlier, log.Append, time))
            failure = OnThreadOfItsOwn(() => Train(folder, spec, log, isResume, stop));
        if (failure is not null)
            Print(failure);
        if (LastWord(folder, spec, log, failure, stop, memory, () => earlier + time.GetElapsedTime(began)) is { } word)
            log.Append(word);
        log.Complete();
        return failure is null ? 0 : 1;
    }

    /// <summary>One batch; nothing is written but what the method leaves in the folder.</summary>
    /// <exception cref="InvalidRunException">The folder is not a run.</exception>
    public DryRunReport DryRun(RunFolder folder, StopSignal stop)
    {
        var spec = ReadSpec(folder);
        DryRunReport? report = null;
        using var memory = new MemoryUse(spec.Device);
        var failure = OnThreadOfItsOwn(() => report = methods(spec.Method).DryRun(Context(folder, spec, isResume: false, stop, _ => { }, () => { })));
        return report is null
            ? throw new InvalidRunException("run", failure is null ? "The method gave no report." : MessageOf(spec, failure, "dry run", ""))
            : report with { DeviceMemoryBytes = memory.Device };
    }

    /// <summary>With the device that it is executed on.</summary>
    private RunSpec ReadSpec(RunFolder folder)
    {
        try
        {
            var spec = folder.ReadSpec();
            return spec with { Device = Device ?? (new DeviceRequest(spec.Device).IsAnyGpu ? DeviceRequest.FirstGpu : spec.Device) };
        }
        catch (InvalidDataException error)
        {
            throw new InvalidRunException("run", $"{error.Message} Give the folder of a run.");
        }
    }

    private EventLogWriter Begin(RunFolder folder, RunSpec spec, ProcessLock held, out bool isResume)
    {
        // Asked before each write: a worker that was stopped for a while goes on in the middle of a step.
        var log = new EventLogWriter(folder.Events, time, Tell, beforeStoring: () => held.IsHeld());
        isResume = log.LastSeq > 0;
        if (isResume)
            WholeFile.RemoveLeftovers(folder.Path);
        if (log.Last is { IsLast: true } last && (last is RunFinished || QueueTicket.Read(folder) is null))
        {
            log.Dispose();
            QueueTicket.Remove(folder);
            throw new InvalidRunException("run",
                $"{folder.Path}: the run is over. {(last is RunFinished ? "Launch a new one." : $"To go on with it: dashboard resume {spec.Id}")}");
        }
        StopRequest.Remove(folder);
        QueueTicket.Remove(folder);
        log.Append(new RunStarted(Environment.ProcessId, Environment.MachineName, spec.Device, CodeVersion.Current));
        if (isResume && spec.CodeVersion != CodeVersion.Current)
            log.Append(
                new RunLog(
                    "warning",
                    $"The run was launched with code {spec.CodeVersion} and goes on with {CodeVersion.Current}: its curves may differ from those "
                    + "of an uninterrupted run."));
        return log;
    }

    /// <summary>A person on another machine leaves a request; whoever is on this one also sends a signal.</summary>
    private ITimer WatchForStop(RunFolder folder, StopSignal stop) => time.CreateTimer(_ =>
    {
        if (StopRequest.Exists(folder))
            stop.Ask();
    }, null, StopPace, StopPace);

    private void Train(RunFolder folder, RunSpec spec, EventLogWriter log, bool isResume, StopSignal stop)
    {
        RunInputs.Require(spec, data);
        var method = methods(spec.Method);
        log.Append(RunStages.Progress(RunStages.Data));
        var context = Context(folder, spec, isResume, stop, log.Append, log.Flush);
        ClassNamesFile.Write(folder, context.Dataset.Classes.LabelNames);
        log.Append(RunStages.Progress(RunStages.Network));
        method.Execute(context);
    }

    private RunContext Context(RunFolder folder, RunSpec spec, bool isResume, StopSignal stop, Action<RunEvent> report, Action flush) => new()
    {
        Folder = folder,
        Spec = spec,
        Data = data,
        Refuse = Refuse,
        Dataset = datasets.Open(spec.Dataset, stop.Token),
        IsResume = isResume,
        Stop = stop.Token,
        Report = report,
        Flush = flush,
        Time = time,
    };

    /// <summary>Grad mode and dispose scopes belong to a thread: the whole run stays on one.</summary>
    private static Exception? OnThreadOfItsOwn(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception error)
                {
                    failure = error;
                }
            },
            StackBytes) { Name = "training" };
        thread.Start();
        thread.Join();
        return failure;
    }

    /// <summary>Null where there is to be none: the method has spoken it, or the machine ends the worker and the run is interrupted.</summary>
    private static RunEvent? LastWord(RunFolder folder, RunSpec spec, EventLogWriter log, Exception? failure, StopSignal stop, MemoryUse memory,
        Func<TimeSpan> active)
    {
        if (failure is null)
            return log.Last is RunFinished
                ? null
                : new RunFinished(Math.Round(active().TotalSeconds, 3)) { MemoryBytes = MemoryUse.Host, DeviceMemoryBytes = memory.Device };
        if (failure is not OperationCanceledException || !stop.Token.IsCancellationRequested)
            return FailureOf(spec, failure);
        if (stop.IsByPerson || StopRequest.Exists(folder))
            return new RunCancelled();
        log.Append(new RunLog("warning", "The system told the worker to end. Resume the run to go on from its last checkpoint."));
        return null;
    }

    private static RunFailed FailureOf(RunSpec spec, Exception failure) =>
        new(MessageOf(spec, failure, "run", " The details are in worker.log, in the run's folder."), failure.ToString());

    /// <param name="what">What failed.</param>
    /// <param name="details">Where there is more to read about a fault of the program.</param>
    private static string MessageOf(RunSpec spec, Exception failure, string what, string details) => failure switch
    {
        // One that has been wrapped says already what could not be written.
        IOException { InnerException: null } io when DiskFull.Is(io) => $"The disk is full: {io.Message} Free some space, then resume the run.",
        _ when MemoryFailure.Is(failure) => MemoryFailure.Sentence(spec, failure),
        _ when ExpectedFailure.Is(failure) => failure.Message,
        _ => $"The {what} failed unexpectedly: {ExpectedFailure.FirstLine(failure)}{details}",
    };

    /// <summary>Prints what an event says of the run: <c>worker.log</c> tells the whole story. A failure is printed with its details.</summary>
    private static void Tell(RunEvent stored)
    {
        if (stored is not RunFailed && RunEventText.Sentence(stored) is { } sentence)
            Print($"{stored.Time:yyyy-MM-dd HH:mm:ss} {sentence}");
    }

    /// <summary>For <c>worker.log</c>, which may lie on the disk that is full.</summary>
    private static void Print(object text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (IOException)
        {
            // The event log says it too.
        }
    }

    private static string Describe(ProcessIdentity? holder) => holder is null ? "" : $" (process {holder.ProcessId} on {holder.Host})";
}
