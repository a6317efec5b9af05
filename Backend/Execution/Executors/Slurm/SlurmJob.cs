using System.Globalization;
using Dashboard.Backend.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>One job, as Slurm last said.</summary>
internal sealed class SlurmJob(RunFolder folder, RunJob known, ILogger log, Action forget) : IJob
{
    private const string Pending = "PENDING";
    private const string Cancelled = "CANCELLED";

    /// <summary>Slurm has no such job any more.</summary>
    private const string Gone = "GONE";

    private bool _isKept = true;

    public RunJob Known { get; private set; } = known;

    public DateTimeOffset Queued => Known.Queued;

    public int Resumes => Known.Resumes;

    public JobEnding? Ending { get; private set; } = EndingOf(known);

    public void Dispose() => forget();

    public void Settle() => Keep(Known with { IsSettled = true });

    /// <summary>Has just been submitted for a ticket.</summary>
    public static RunJob Of(QueueTicket ticket, string id, string? array, int mostResumes) =>
        new(id, ticket.Since, Pending, ticket.Resumes, Array: array, Cause: ticket.Cause, MostResumes: mostResumes);

    /// <summary>Tells the jobs of one run apart.</summary>
    public static string Mark(DateTimeOffset queued) => queued.UtcTicks.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a state means; null as long as the job waits or runs.</summary>
    public static JobEnd? EndOf(string state) => state switch
    {
        "COMPLETED" or "FAILED" => JobEnd.Exited,
        Cancelled => JobEnd.Cancelled,
        "OUT_OF_MEMORY" => JobEnd.OutOfMemory,
        "TIMEOUT" or "DEADLINE" or "PREEMPTED" or "REVOKED" => JobEnd.TakenAway,
        "NODE_FAIL" or "BOOT_FAIL" or Gone => JobEnd.Lost,
        _ => null,
    };

    public void See(SlurmListing listing)
    {
        var line = listing.Find(folder, Known);
        var state = line?.State ?? (WasTakenFromItsArray(listing) ? Cancelled : Gone);
        var seen = Known with { State = state, Node = line?.Node ?? Known.Node, Reason = state == Pending ? line?.Reason : null };
        if (seen != Known || !_isKept)
            Keep(seen);
        Ending = EndingOf(Known);
    }

    /// <summary>Writes down what is known, for a later dashboard.</summary>
    public void Keep() => Keep(Known);

    /// <summary>A task that is cancelled while it waits leaves no trace but its array.</summary>
    private bool WasTakenFromItsArray(SlurmListing listing) =>
        Known.Node is null && listing.HasArrayOf(Known) && QueueTicket.Read(folder)?.Since == Known.Queued;

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

    private static JobEnding? EndingOf(RunJob job)
    {
        if (EndOf(job.State) is not { } end)
            return null;
        var (what, cause, remedy) = job.State switch
        {
            "TIMEOUT" => ("reached its time limit", "its time limit",
                "Raise the time limit (--time among Dashboard:Slurm:Options in appsettings.json)"),
            "PREEMPTED" => ("was preempted", "being preempted",
                "Choose a partition whose jobs are not preempted (Dashboard:Slurm:Partition in appsettings.json)"),
            "NODE_FAIL" or "BOOT_FAIL" => ("lost its node", "losing its node", "Ask those who run the cluster what is wrong with its nodes"),
            Cancelled => ("was cancelled outside the dashboard", null, null),
            "OUT_OF_MEMORY" => ("used more memory than it had asked for", null, null),
            Gone => ("is not known to Slurm any more", "Slurm's losing its job", "Ask those who run the cluster why Slurm forgets jobs"),
            _ => ($"ended as {job.State}", $"its end as {job.State}", (string?)null),
        };
        return new(end, $"Slurm job {job.Id}{(job.Node is null ? "" : $" on {job.Node}")} {what}", cause, remedy,
            HasBegun: job.Node is not null || end != JobEnd.Cancelled);
    }
}
