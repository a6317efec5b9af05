namespace Dashboard.Backend.Files;

/// <summary>The one failure that every long run meets some day.</summary>
public static class DiskFull
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    public static bool Is(Exception error) =>
        error is IOException { HResult: NoSpaceLeft or QuotaExceeded } || (error.InnerException is { } inner && Is(inner));

    public const string Sentence = "The disk is full. Free some space, then resume the run.";

    public static string Message(string path) => $"{path} cannot be written: the disk is full. Free some space, then resume the run.";
}
