using Dashboard.Backend.Runs;


namespace Dashboard.Web.Cli.Usage;

/// <summary>Keeps what it takes to fix an unexpected failure: a file with the program's version, the command and the whole exception.</summary>
internal static class FailureDetails
{
    /// <param name="folder">
    /// Where logs are kept; null where that is not known. Without it, or where it cannot be written: the system's temporary folder.
    /// </param>
    /// <returns>The file; null where none could be written.</returns>
    public static string? Write(Exception error, string[] arguments, string? folder)
    {
        var text = $"""
            Version: {CodeVersion.Current}
            Command: dashboard {string.Join(' ', arguments)}
            Time:    {TimeProvider.System.GetUtcNow():u}

            {error}

            """;
        foreach (var place in new[] { folder, Path.GetTempPath() }.OfType<string>())
        {
            try
            {
                Directory.CreateDirectory(place);
                var path = Path.Combine(place, $"failure-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}.log");
                File.WriteAllText(path, text);
                return path;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // The next place may do.
            }
        }
        return null;
    }
}
