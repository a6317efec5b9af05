using System.Text.Json;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Training;

/// <summary>
/// Checkpoints of a run, <c>checkpoints/epoch-0003/{model,optimizer}.safetensors, state.json</c>: written aside, then renamed, so that
/// a folder that bears the name is complete.
/// </summary>
public sealed class CheckpointStore(RunFolder folder)
{
    private const string State = "state.json";

    /// <summary>Writes a checkpoint and reports where it lies, relative to the run folder.</summary>
    /// <param name="write">Puts the files into the folder it is given.</param>
    /// <exception cref="IOException">The disk is full, or the folder is not writable: names the folder and the remedy. Earlier checkpoints stay.</exception>
    public RunCheckpoint Save(CheckpointState state, Action<string> write)
    {
        var name = $"epoch-{state.Epoch:0000}";
        var target = Path.Combine(folder.Checkpoints, name);
        var aside = target + ".new";
        try
        {
            Discard(aside);
            Directory.CreateDirectory(aside);
            write(aside);
            using (var file = new FileStream(Path.Combine(aside, State), FileMode.Create))
            {
                JsonSerializer.Serialize(file, state, RunJson.Indented);
                file.Flush(flushToDisk: true);
            }
            Discard(target);
            Directory.Move(aside, target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDiscard(aside);
            throw new IOException($"The checkpoint {target} cannot be written: {error.Message} Free some space (or choose another --data folder) and resume the run; earlier checkpoints are untouched.", error);
        }
        return new RunCheckpoint(state.Step, state.Epoch, $"checkpoints/{name}");
    }

    /// <summary>The last complete checkpoint and its folder; null when there is none.</summary>
    public (CheckpointState State, string Folder)? Last()
    {
        if (!Directory.Exists(folder.Checkpoints))
            return null;
        foreach (var path in Directory.GetDirectories(folder.Checkpoints, "epoch-????").OrderDescending(StringComparer.Ordinal))
            if (Read(Path.Combine(path, State)) is { } state)
                return (state, path);
        return null;
    }

    private static CheckpointState? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<CheckpointState>(File.ReadAllText(path), RunJson.Line);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
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
        catch (IOException)
        {
            // What is left of it is overwritten by the next attempt.
        }
    }
}

/// <summary>Where training stood when a checkpoint was taken.</summary>
/// <param name="Step">Steps done in the whole run.</param>
/// <param name="Epoch">Epochs done.</param>
public sealed record CheckpointState(long Step, int Epoch);
