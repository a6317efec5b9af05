using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Launch;

/// <summary>
/// The presets that the people of a dashboard have saved: <c>presets.json</c> in the data folder, for everybody who opens the dashboard. Thread-safe.
/// </summary>
public sealed class OwnPresets(DataFolder data)
{
    /// <summary>Bytes: hundreds of presets with tables of prompts.</summary>
    private const int Longest = 4 << 20;

    private readonly Lock _lock = new();

    private event Action? Changed;

    private string Stored => Path.Combine(data.Path, "presets.json");

    /// <summary>In the order of their names.</summary>
    /// <exception cref="InvalidDataException">The file is damaged: says what to do.</exception>
    public IReadOnlyList<OwnPreset> Of(string method) => [.. Read().Where(preset => preset.Method == method).OrderBy(preset => preset.Name)];

    /// <summary>Takes the place of one of the same method and name.</summary>
    /// <exception cref="InvalidDataException">The name cannot be, or the file is damaged.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Save(OwnPreset preset)
    {
        if (preset.Name.Trim() is not { Length: > 0 and <= OwnPreset.LongestName })
            throw new InvalidDataException($"name: give the preset a name of 1 to {OwnPreset.LongestName} letters.");
        Change(presets => [.. presets.Where(other => !other.Is(preset.Method, preset.Name)), preset]);
    }

    /// <inheritdoc cref="Save"/>
    public void Remove(OwnPreset preset) => Change(presets => [.. presets.Where(other => !other.Is(preset.Method, preset.Name))]);

    /// <summary>Calls back after every change, on the thread that made it. Dispose to stop.</summary>
    public IDisposable Subscribe(Action onChanged)
    {
        Changed += onChanged;
        return new Subscription(() => Changed -= onChanged);
    }

    private void Change(Func<IReadOnlyList<OwnPreset>, IReadOnlyList<OwnPreset>> change)
    {
        lock (_lock)
        {
            var presets = change(Read());
            WholeFile.Write(Stored, stream => JsonSerializer.Serialize(stream, presets, RunJson.Indented), toDisk: true);
        }
        Changed?.Invoke();
    }

    private IReadOnlyList<OwnPreset> Read()
    {
        if (!File.Exists(Stored))
            return [];
        try
        {
            return JsonSerializer.Deserialize<IReadOnlyList<OwnPreset>>(SmallFile.Read(Stored, Longest), RunJson.Strict) ?? [];
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidDataException($"{Stored} cannot be read: {error.Message} Correct it, or delete it and save your presets again.", error);
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
