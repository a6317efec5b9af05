using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Executors;

/// <summary>
/// Where runs are started by whichever dashboard leads: by the own executor while this one does, which it writes down in the data folder; else as the
/// leader has written of its own.
/// </summary>
public sealed class LeaderExecutor(IExecutor own, Lead lead, DataFolder data, TimeProvider time) : IExecutor
{
    /// <summary>Bytes.</summary>
    private const int Longest = 1 << 16;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private (Written What, string? Lead)? _written;
    private Written? _read;
    private long? _looked;

    public IReadOnlyList<string>? Devices => lead.IsLeading ? own.Devices : Read()?.Devices;

    public int? Slots => lead.IsLeading ? own.Slots : (Read() ?? Written.Unknown).Slots;

    public int Resumes => own.Resumes;

    public int AtOnce => own.AtOnce;

    public bool IsElsewhere => own.IsElsewhere;

    public string? Problem => lead.IsLeading ? own.Problem : Read()?.Problem;

    public string? Fault(DeviceRequest request) => lead.IsLeading ? own.Fault(request)
        : Read() is not { Slots: not null, Devices: { Count: > 0 } devices } || devices.Any(request.IsMetBy) ? null
        : $"{request.Name} is not among the devices of {Lead.Name(lead.Leader)}, which starts the runs: {string.Join(", ", devices)}. Choose one of "
            + "these.";

    public void Look()
    {
        own.Look();
        // Anew with each time that this dashboard leads: another one may have led meanwhile.
        (Written What, string? Lead) now = (new(own.Devices, own.Slots, own.Problem), lead.Leader?.Mark);
        if (now == _written)
            return;
        try
        {
            WholeFile.Write(data.Executor, file => JsonSerializer.Serialize(file, now.What, RunJson.Line));
            _written = now;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The disk is full, or away: runs are started all the same.
        }
    }

    public string? Place(DeviceRequest request, IReadOnlyCollection<string> taken) => own.Place(request, taken);

    public IReadOnlyDictionary<string, IJob> Submit(IReadOnlyList<RunStart> starts) => own.Submit(starts);

    public IJob? Find(RunFolder folder) => own.Find(folder);

    public bool Cancel(RunFolder folder) => own.Cancel(folder);

    private Written? Read()
    {
        lock (_looking)
        {
            if (_looked is { } looked && time.GetElapsedTime(looked) < BetweenLooks)
                return _read;
            _looked = time.GetTimestamp();
            try
            {
                _read = JsonSerializer.Deserialize<Written>(SmallFile.Read(data.Executor, Longest), RunJson.Strict);
            }
            catch (Exception error) when (error is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
            {
                // Not written yet, or away for a moment: what was known is the best there is.
            }
            return _read;
        }
    }

    /// <summary><c>executor.json</c>, as <see cref="IExecutor"/> has its properties.</summary>
    private sealed record Written(IReadOnlyList<string>? Devices, int? Slots, string? Problem)
    {
        /// <summary>As on any host, until the leader has said otherwise.</summary>
        public static Written Unknown { get; } = new(null, 1, null);

        public bool Equals(Written? other) => other is not null && (Slots, Problem) == (other.Slots, other.Problem)
            && (Devices ?? []).SequenceEqual(other.Devices ?? []) && Devices is null == other.Devices is null;

        public override int GetHashCode() => HashCode.Combine(Slots, Problem, Devices?.Count);
    }
}
