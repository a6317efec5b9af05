using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Store;

/// <summary>The runs that wait, the first to begin first, and each one's place among those that it competes with for a device.</summary>
internal sealed class QueueOrder
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    private QueueOrder(IReadOnlyList<RunEntry> entries)
    {
        Entries = entries;
        var (ahead, gpus) = (new Dictionary<string, int>(StringComparer.Ordinal), 0);
        foreach (var (id, device) in entries.Select(entry => (entry.Folder.Id, entry.Spec.Device)))
        {
            // A run that takes any GPU competes with all that want one; a run that wants a certain GPU, with those for it or for any.
            var rivals = ahead.GetValueOrDefault(device);
            _places[id] = 1 + (device == DeviceRequest.AnyGpu ? gpus
                : DeviceRequest.IsGpu(device) ? rivals + ahead.GetValueOrDefault(DeviceRequest.AnyGpu)
                : rivals);
            ahead[device] = rivals + 1;
            gpus += DeviceRequest.IsGpu(device) ? 1 : 0;
        }
    }

    public IReadOnlyList<RunEntry> Entries { get; }

    public static QueueOrder Of(IEnumerable<RunEntry> entries) => new(
    [
        .. entries.Where(entry => entry.Summary.State == RunState.Queued)
            .OrderBy(entry => entry.Ticket?.Since)
            .ThenBy(entry => entry.Folder.Id, StringComparer.Ordinal),
    ]);

    /// <returns>1 for the first. The last place for a run that has been queued only since.</returns>
    public int PlaceOf(string id) => _places.GetValueOrDefault(id, Entries.Count + 1);
}
