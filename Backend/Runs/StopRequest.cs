namespace Dashboard.Backend.Runs;

/// <summary>
/// Left in the run folder by a person who stops the run. A worker that is told to end without one (the machine shuts down) leaves the run
/// interrupted, not cancelled.
/// </summary>
public static class StopRequest
{
    public static void Write(RunFolder folder) => File.WriteAllText(PathOf(folder), "");

    public static bool Exists(RunFolder folder) => File.Exists(PathOf(folder));

    public static void Remove(RunFolder folder) => File.Delete(PathOf(folder));

    private static string PathOf(RunFolder folder) => folder.File("stop");
}
