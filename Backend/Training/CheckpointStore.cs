using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Training;

/// <summary>
/// Checkpoints of a run, <c>checkpoints/epoch-0003/{model,optimizer}.safetensors, state.json</c>: written aside, then renamed, so that a folder that
/// bears the name is
/// complete; with a checksum of each file in state.json, so that what has changed since is noticed. The last two are kept: where the last one is
/// damaged there is another.
/// </summary>
public sealed class CheckpointStore(RunFolder folder)
{
    private const string State = "state.json";
    private const string Prefix = "epoch-";
    private const string Aside = ".new";
    private const int Kept = 2;

    /// <summary>What was found of the checkpoints that have been looked at, by folder: to hash one takes a while, and its fault is told
    /// once.</summary>
    private readonly Dictionary<string, Look> _looks = [];

    /// <summary>Writes a checkpoint and reports where it lies, relative to the run folder. Of the earlier ones the last is kept.</summary>
    /// <param name="write">Puts the files into the folder it is given.</param>
    /// <exception cref="IOException">The disk is full, or the folder is not writable: names the folder and says what to do. Earlier checkpoints
    /// stay.</exception>
    public RunCheckpoint Save(CheckpointState state, Action<string> write)
    {
        var name = $"{Prefix}{state.Epoch:0000}";
        var target = Path.Combine(folder.Checkpoints, name);
        var aside = target + Aside;
        try
        {
            Discard(aside);
            Directory.CreateDirectory(aside);
            write(aside);
            using (var file = new FileStream(Path.Combine(aside, State), FileMode.Create))
            {
                var files = Directory.GetFiles(aside).Where(path =>
                    Path.GetFileName(path) != State).Order(StringComparer.Ordinal).ToDictionary(path => Path.GetFileName(path), Hash);
                JsonSerializer.Serialize(file, new WrittenState(state.Step, state.Epoch, files, Sha256: null).Sealed(), RunJson.Indented);
                file.Flush(flushToDisk: true);
            }
            Discard(target);
            Directory.Move(aside, target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDiscard(aside);
            throw new IOException(
                $"The checkpoint {target} cannot be written: {error.Message} Free some space (or choose another --data folder) and resume the run; "
                + "earlier checkpoints are untouched.", error);
        }
        _looks.Remove(target);
        Thin(state.Epoch);
        return new RunCheckpoint(state.Step, state.Epoch, $"checkpoints/{name}");
    }

    /// <summary>Takes the newest checkpoint that is whole; one that is damaged is left out with a warning that names the file.</summary>
    /// <param name="take">Reads what it needs of the checkpoint.</param>
    /// <param name="report">Is told of each damaged checkpoint, and of one without checksums, once.</param>
    /// <returns>What <paramref name="take"/> gives; null where there is no whole checkpoint.</returns>
    /// <exception cref="CheckpointException">The checkpoint is whole, but of another network; or none has checksums, and none can be
    /// read.</exception>
    public T? TakeNewest<T>(Func<StoredCheckpoint, T> take, Action<RunEvent> report) where T : class
    {
        CheckpointException? unreadable = null;
        foreach (var path in Folders())
        {
            var look = LookAt(path, report);
            if (look.State is not { } state)
                continue;
            try
            {
                return take(new(new CheckpointState(state.Step, state.Epoch), path));
            }
            catch (CheckpointException error) when (state.Files is null)
            {
                // Without checksums damage comes to light only here.
                report(new RunLog("warning", $"The checkpoint {path} is skipped because it cannot be read: {error.Message}"));
                unreadable ??= error;
            }
        }
        return unreadable is null ? null : throw unreadable;
    }

    /// <summary>Removes what a worker that was killed while it wrote a checkpoint has left. Only for the one worker of the run.</summary>
    public void RemoveLeftovers()
    {
        if (Directory.Exists(folder.Checkpoints))
            foreach (var path in Directory.GetDirectories(folder.Checkpoints, $"{Prefix}*{Aside}"))
                TryDiscard(path);
    }

    /// <summary>The newest first.</summary>
    private IEnumerable<string> Folders() => Directory.Exists(folder.Checkpoints)
        ? Directory.GetDirectories(folder.Checkpoints, $"{Prefix}*").Where(path => EpochOf(path) is not null).OrderByDescending(EpochOf)
        : [];

    private static int? EpochOf(string path) =>
        int.TryParse(Path.GetFileName(path)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) ? epoch : null;

    private Look LookAt(string path, Action<RunEvent> report)
    {
        if (_looks.TryGetValue(path, out var known))
            return known;
        var look = _looks[path] = Look.At(path, EpochOf(path));
        if (look.Fault is { } fault)
            report(new RunLog("warning", $"The checkpoint {path} is damaged and skipped: {fault} An earlier one is taken instead, if there is one."));
        else if (look.State is { Files: null })
            report(new RunLog("info", $"The checkpoint {path} has no checksums, as it was written by an older version: it is taken as it is."));
        return look;
    }

    /// <summary>What follows the one just saved belongs to a stretch that was lost; of those before it one is enough to fall back on.</summary>
    private void Thin(int saved)
    {
        foreach (var path in Folders()
            .Where(path => EpochOf(path) > saved)
            .Concat(Folders().Where(path => EpochOf(path) <= saved).Skip(Kept))
            .ToList())
        {
            TryDiscard(path);
            _looks.Remove(path);
        }
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void Discard(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private static void TryDiscard(string path)
    {
        try
        {
            Discard(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What is left of it is overwritten or removed by the next attempt.
        }
    }

    /// <summary><c>state.json</c>.</summary>
    /// <param name="Files">SHA-256 of each other file, by name; null in those of older versions.</param>
    /// <param name="Sha256">Of this record without it.</param>
    private sealed record WrittenState(long Step, int Epoch, IReadOnlyDictionary<string, string>? Files, string? Sha256)
    {
        public WrittenState Sealed() =>
            this with {
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Sha256 = null }, RunJson.Line))) };
    }

    /// <summary>A checkpoint that was looked at: its state, or why it is not to be used.</summary>
    private sealed record Look(WrittenState? State, string? Fault)
    {
        public static Look At(string path, int? epoch)
        {
            var file = Path.Combine(path, CheckpointStore.State);
            try
            {
                var state = JsonSerializer.Deserialize<WrittenState>(File.ReadAllText(file), RunJson.Line) ?? throw new JsonException("it is empty.");
                var isOld = state is { Files: null, Sha256: null };
                if (state.Step < 0 || state.Epoch != epoch || (!isOld && state.Sealed().Sha256 != state.Sha256))
                    return new(null, $"{CheckpointStore.State} has changed since it was written.");
                foreach (var (name, hash) in state.Files ?? new Dictionary<string, string>())
                    if (Hash(Path.Combine(path, name)) != hash)
                        return new(null, $"{name} has changed since it was written: its SHA-256 differs.");
                return new(state, null);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
            {
                return new(null, error is JsonException ? $"{CheckpointStore.State} cannot be read: {error.Message}" : error.Message);
            }
        }
    }
}

/// <summary>Where training stood when a checkpoint was taken.</summary>
/// <param name="Step">Steps done in the whole run.</param>
/// <param name="Epoch">Epochs done.</param>
public sealed record CheckpointState(long Step, int Epoch);

/// <summary>A whole checkpoint and its folder.</summary>
public sealed record StoredCheckpoint(CheckpointState State, string Folder);
