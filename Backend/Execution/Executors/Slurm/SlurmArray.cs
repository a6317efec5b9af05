using System.Globalization;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>
/// The runs of one job array: a file in the data folder with a line for each task. There the task finds its run, and a later dashboard the run of a
/// task.
/// </summary>
/// <param name="Path">Of the file, which is named after the array.</param>
/// <param name="Tasks">In the order of their indices, from 0 on: the run's folder and the <see cref="SlurmJob.Mark"/> of its ticket.</param>
internal sealed record SlurmArray(string Path, IReadOnlyList<(string Folder, string Mark)> Tasks)
{
    private const string Ending = ".runs";

    /// <summary>A list is there before Slurm knows of its array.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromHours(1);

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>What Slurm prints of the tasks; each worker has its own log.</summary>
    public string Log => System.IO.Path.ChangeExtension(Path, ".log");

    /// <exception cref="IOException">The disk is full.</exception>
    public static SlurmArray Write(DataFolder data, IReadOnlyList<RunStart> starts, TimeProvider time)
    {
        Directory.CreateDirectory(data.JobArrays);
        var array = new SlurmArray(PathOf(data, SlurmJob.Mark(time.GetUtcNow())),
            [.. starts.Select(start => (start.Folder.Path, SlurmJob.Mark(start.Ticket.Since)))]);
        WholeFile.Write(array.Path, file =>
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            foreach (var (folder, mark) in array.Tasks)
                writer.Write($"{mark} {folder}\n");
        });
        return array;
    }

    /// <summary>Null where there is none of that name, or it cannot be read.</summary>
    public static SlurmArray? Read(DataFolder data, string name)
    {
        try
        {
            var lines = File.ReadAllLines(PathOf(data, name)).Select(line => line.Split(' ', 2)).ToList();
            return lines.Any(parts => parts.Length != 2) ? null : new(PathOf(data, name), [.. lines.Select(parts => (parts[1], parts[0]))]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes the lists of which Slurm knows nothing any more.</summary>
    public static void RemoveOthers(DataFolder data, SlurmListing listing, TimeProvider time)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(data.JobArrays))
                if (!listing.HasMark(System.IO.Path.GetFileNameWithoutExtension(path)) && time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > Young)
                    File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // They take up space, but do no harm.
        }
    }

    /// <summary>The index in "17_3"; null for a job that is no task.</summary>
    public static int? IndexOf(string job) =>
        job.Split('_') is [_, var index] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string PathOf(DataFolder data, string name) => System.IO.Path.Combine(data.JobArrays, name + Ending);
}
