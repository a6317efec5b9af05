using System.Globalization;
using Dashboard.Backend.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>One job, as Slurm last said.</summary>
internal sealed class SlurmJob(RunFolder folder, RunJob known, ILogger log, Action forget) : IJob
{
    private const string Gone = "GONE";

    private bool _isKept = true;

    public RunJob Known { get; private set; } = known;

    public DateTimeOffset Queued => Known.Queued;

    public int Resumes => Known.Resumes;

    public JobEnding? Ending { get; private set; }

    public void Dispose() => forget();

    /// <summary>The comment that tells the jobs of one run apart.</summary>
    public static string Mark(DateTimeOffset queued) => queued.UtcTicks.ToString(CultureInfo.InvariantCulture);

    /// <summary>Not another job under its number: a controller that was killed counts on from what it had saved.</summary>
    public bool IsOn(SlurmCommands.Line line) => line.Name == folder.Id && line.Mark == Mark(Known.Queued);

    /// <summary>What a state means; null as long as the job waits or runs.</summary>
    public static JobEnd? EndOf(string state) => state switch
    {
        "COMPLETED" or "FAILED" => JobEnd.Exited,
        "CANCELLED" => JobEnd.Cancelled,
        "OUT_OF_MEMORY" => JobEnd.OutOfMemory,
        "TIMEOUT" or "DEADLINE" or "PREEMPTED" or "REVOKED" => JobEnd.TakenAway,
        "NODE_FAIL" or "BOOT_FAIL" or Gone => JobEnd.Lost,
        _ => null,
    };

    /// <param name="line">Null where Slurm does not know the job any more.</param>
    public void See(SlurmCommands.Line? line)
    {
        var (state, node) = (line?.State ?? Gone, line?.Node ?? Known.Node);
        var seen = Known with { State = state, Node = node, Reason = state == "PENDING" ? line?.Reason : null };
        if (seen != Known || !_isKept)
            Keep(seen);
        if (EndOf(state) is { } end)
            Ending = new(end, Describe(state, node));
    }

    /// <summary>Writes down what is known, for a later dashboard.</summary>
    public void Keep() => Keep(Known);

    private void Keep(RunJob seen)
    {
        try
        {
            Known = seen;
            seen.Write(folder);
            _isKept = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _isKept = false;
            // The folder is away or gone, or its disk full: the next look tries again.
            log.LogDebug(error, "What Slurm says of {Run} could not be written: {Reason}", folder.Id, error.Message);
        }
    }

    private string Describe(string state, string? node) => $"Slurm job {Known.Id}{(node is null ? "" : $" on {node}")} " + state switch
    {
        "TIMEOUT" => "reached its time limit",
        "PREEMPTED" => "was preempted",
        "NODE_FAIL" or "BOOT_FAIL" => "lost its node",
        "CANCELLED" => "was cancelled outside the dashboard",
        "OUT_OF_MEMORY" => "used more memory than it had asked for",
        Gone => "is not known to Slurm any more",
        _ => $"ended as {state}",
    };
}
