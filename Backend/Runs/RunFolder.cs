using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>The folder of one run: the truth about it. Everything else is an index that can be rebuilt from it.</summary>
public sealed class RunFolder(string path)
{
    /// <summary>Bytes: a table of prompts for hundreds of classes fits many times.</summary>
    private const int LongestSpec = 4 << 20;

    internal const string WorkerLogName = "worker.log";

    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Id => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));
    public string Spec => File("spec.json");
    public string Events => File("events.jsonl");
    public string WorkerLog => File(WorkerLogName);
    public string Checkpoints => File("checkpoints");
    public string Snapshots => File("snapshots");
    public string Cams => File("cams");
    public string Masks => File("masks");

    /// <summary>Traces of training steps.</summary>
    public string Profile => File("profile");

    /// <summary>8-bit gray images.</summary>
    public string Saliency => File("saliency");

    /// <summary>The text-image model that the run has trained.</summary>
    public string Model => File("model");

    /// <summary>Scores of each image's soft maps, as <see cref="Evaluation.SplitSweepFile"/> writes them.</summary>
    public string SoftMapScores => File("scores/maps.sweep");

    /// <summary>The same of its label maps.</summary>
    public string LabelMapScores => File("scores/masks.sweep");

    /// <summary>An absolute path inside the folder.</summary>
    public string File(string relative) => System.IO.Path.Combine(Path, relative);

    /// <exception cref="InvalidDataException">The spec is missing or damaged: names the file and the place.</exception>
    public RunSpec ReadSpec()
    {
        RunSpec spec;
        try
        {
            spec = JsonSerializer.Deserialize<RunSpec>(SmallFile.Read(Spec, LongestSpec), RunJson.Strict) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{Spec} is damaged: {JsonFault.Of(error)}.", error);
        }
        catch (Exception error)
            when (error is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"{Spec} is damaged: {error.Message}", error);
        }
        return RunSpecCheck.Fault(spec) is { } fault ? throw new InvalidDataException($"{Spec} is damaged: {fault}.") : spec;
    }

    /// <summary>Makes the folder and writes the spec: aside, then renamed, so that a spec is whole or not there.</summary>
    /// <exception cref="IOException">The folder exists already, or the disk is full.</exception>
    public static RunFolder Create(string path, RunSpec spec)
    {
        var folder = new RunFolder(path);
        if (System.IO.File.Exists(folder.Spec))
            throw new IOException($"{folder.Path} holds a run already. Give another folder, or resume that run.");
        Directory.CreateDirectory(folder.Path);
        var aside = folder.Spec + ".new";
        System.IO.File.WriteAllText(aside, JsonSerializer.Serialize(spec, RunJson.Indented));
        System.IO.File.Move(aside, folder.Spec);
        return folder;
    }
}
