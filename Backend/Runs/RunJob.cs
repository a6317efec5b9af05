using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary><c>job.json</c> of a run folder: the job of a cluster's scheduler that executes the run, as it was last seen there.</summary>
/// <param name="Id">The scheduler's number: "17", or "17_3" for a task of an array.</param>
/// <param name="Queued">Of the <see cref="QueueTicket"/> that it was submitted for: a run that is resumed has another job.</param>
/// <param name="State">In the scheduler's words: PENDING, RUNNING, TIMEOUT ...</param>
/// <param name="Resumes">As <see cref="QueueTicket.Resumes"/>.</param>
/// <param name="Node">Where it runs or has run; null before that.</param>
/// <param name="Reason">Why it waits, in the scheduler's words; null where it does not.</param>
/// <param name="Array">The array that it is a task of; null where it is a job by itself.</param>
/// <param name="Cause">As <see cref="QueueTicket.Cause"/>.</param>
/// <param name="MostResumes">How often the run may go on by itself.</param>
/// <param name="IsSettled">It has ended, and what becomes of its run has been seen to.</param>
public sealed record RunJob(
    string Id, DateTimeOffset Queued, string State, int Resumes = 0, string? Node = null, string? Reason = null, string? Array = null,
    string? Cause = null, int MostResumes = 0, bool IsSettled = false)
{
    /// <summary>Bytes.</summary>
    private const int Longest = 1 << 16;

    /// <summary>"job 17 on node3", "job 17, waiting: Resources".</summary>
    public string Text => $"job {Id}" + (Node is not null ? $" on {Node}" : Reason is not null ? $", waiting: {Reason}" : "");

    /// <summary>"resumed 1 of 3 times after its time limit"; null where the run has not gone on by itself.</summary>
    public string? ResumedText =>
        Resumes == 0 ? null : $"resumed {Resumes} of {MostResumes} times" + (Cause is null ? "" : $"{(Resumes == 1 ? "" : ", last")} after {Cause}");

    /// <summary>Null where the run has none, or the file cannot be read.</summary>
    public static RunJob? Read(RunFolder folder)
    {
        // Most runs have none, and are asked often.
        if (!File.Exists(PathIn(folder)))
            return null;
        try
        {
            return JsonSerializer.Deserialize<RunJob>(SmallFile.Read(PathIn(folder), Longest), RunJson.Strict);
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(RunFolder folder) => WholeFile.Write(PathIn(folder), file => JsonSerializer.Serialize(file, this, RunJson.Line));

    private static string PathIn(RunFolder folder) => folder.File("job.json");
}
