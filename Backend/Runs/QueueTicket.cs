using System.Text.Json;
using System.Text.Json.Serialization;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>
/// Says that a run waits for its worker. Lies in the run folder, so that the queue survives everything; the worker takes it away when it begins.
/// </summary>
/// <param name="Since">Runs of one lane start in this order.</param>
/// <param name="Launcher">The process that starts the worker itself; null: the dashboard's queue does.</param>
/// <param name="Resumes">How often the run has been queued again by itself since a person launched or resumed it.</param>
/// <param name="Host">Which has queued it; null where that is not known.</param>
/// <param name="Cause">Of the last of these resumes: "its time limit".</param>
public sealed record QueueTicket(
    DateTimeOffset Since, ProcessIdentity? Launcher = null, int Resumes = 0, string? Host = null, string? Cause = null)
{
    /// <summary>Bytes.</summary>
    private const int Longest = 1 << 16;

    /// <summary>Whether another host has queued the run: what was written with the ticket may show later than it.</summary>
    [JsonIgnore]
    public bool IsFromElsewhere => Host is not null && Host != Environment.MachineName;

    /// <summary>A ticket whose launcher has died will never be used.</summary>
    public bool IsValid => Launcher is null or { IsLocal: false } or { IsAlive: true };

    /// <summary>
    /// The valid ticket of a run; null where there is none, or where it is damaged: such a run does not wait any more, and can be resumed.
    /// </summary>
    public static QueueTicket? Read(RunFolder folder)
    {
        // Most runs have none, and are asked often.
        if (!IsThere(folder))
            return null;
        try
        {
            return JsonSerializer.Deserialize<QueueTicket>(SmallFile.Read(PathOf(folder), Longest), RunJson.Strict) is { IsValid: true } ticket
                ? ticket
                : null;
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static bool IsThere(RunFolder folder) => File.Exists(PathOf(folder));

    public void Write(RunFolder folder)
    {
        Directory.CreateDirectory(folder.Path);
        var aside = PathOf(folder) + ".new";
        File.WriteAllText(aside, JsonSerializer.Serialize(this, RunJson.Line));
        File.Move(aside, PathOf(folder), overwrite: true);
    }

    public static void Remove(RunFolder folder) => File.Delete(PathOf(folder));

    private static string PathOf(RunFolder folder) => folder.File("queued.json");
}
