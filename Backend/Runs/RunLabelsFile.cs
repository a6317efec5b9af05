using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary><c>labels.json</c> of a run folder: the name, tags, star and notes that people give a run. Missing while there are none.</summary>
public static class RunLabelsFile
{
    private const int LongestFile = 1 << 20;

    public static string PathIn(RunFolder folder) => folder.File("labels.json");

    /// <exception cref="InvalidDataException">The file is damaged: names it and says what to do.</exception>
    public static RunLabels Read(RunFolder folder)
    {
        var path = PathIn(folder);
        try
        {
            var labels = JsonSerializer.Deserialize<RunLabels>(SmallFile.Read(path, LongestFile), RunJson.Strict) ?? throw new JsonException("null");
            return labels.Fault() is { } fault ? throw new InvalidDataException(fault) : labels;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return RunLabels.None;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or IOException or UnauthorizedAccessException
            or InvalidOperationException)
        {
            var reason = error is JsonException json ? JsonFault.Of(json) : error.Message;
            throw new InvalidDataException(
                $"{path} cannot be read: {reason.TrimEnd('.')}. Mend it, or delete it to begin with no name, tags and notes.", error);
        }
    }

    /// <summary>None where they cannot be read: a run is not damaged by what people wrote about it.</summary>
    public static RunLabels ReadOrNone(RunFolder folder)
    {
        try
        {
            return Read(folder);
        }
        catch (InvalidDataException)
        {
            return RunLabels.None;
        }
    }

    /// <summary>Reads, changes and writes them; programs that do so at once wait for each other, so that no change is lost.</summary>
    /// <returns>As they stand now.</returns>
    /// <exception cref="InvalidRunException">They break a limit, or the file that is there cannot be read.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public static RunLabels Change(RunFolder folder, Func<RunLabels, RunLabels> change)
    {
        using var held = FileLock.Take(PathIn(folder) + ".lock", CancellationToken.None);
        RunLabels before;
        try
        {
            before = Read(folder);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidRunException("labels", error.Message);
        }
        var labels = change(before).Tidy();
        if (labels.Fault() is { } fault)
            throw new InvalidRunException(fault.Split(':')[0], fault);
        if (labels == before)
            return before;
        if (labels.AreEmpty)
            File.Delete(PathIn(folder));
        else
            WholeFile.Write(PathIn(folder), file => JsonSerializer.Serialize(file, labels, RunJson.Indented), toDisk: true);
        return labels;
    }
}
