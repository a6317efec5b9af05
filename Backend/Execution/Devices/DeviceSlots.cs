using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Devices;

/// <summary>The devices of a machine, and on which of them a run finds room.</summary>
/// <param name="devices">cpu, cuda:0, cuda:1 ...; null as long as they are not known.</param>
/// <param name="slots">Runs that share one device at a time.</param>
public sealed class DeviceSlots(Func<IReadOnlyList<string>?> devices, int slots)
{
    public IReadOnlyList<string>? Devices => devices();

    public int Slots => slots;

    /// <summary>The device that a run can have now; null where it has to wait.</summary>
    /// <param name="taken">One entry for each run that has a device.</param>
    public string? Place(DeviceRequest request, IReadOnlyCollection<string> taken) =>
        request.IsAnyGpu && devices() is null ? null
        : Choose(request, taken) is var device && Load(device, taken) < slots ? device
        : null;

    /// <summary>
    /// The one that is asked for, or the GPU with the fewest runs, whether there is room or not. Where there is no GPU, the first: the worker says
    /// what is missing.
    /// </summary>
    /// <inheritdoc cref="Place"/>
    public string Choose(DeviceRequest request, IReadOnlyCollection<string> taken) => request.IsAnyGpu
        ? devices()?.Where(DeviceRequest.IsGpu).MinBy(device => Load(device, taken)) ?? DeviceRequest.FirstGpu
        : request.Name;

    private static int Load(string device, IReadOnlyCollection<string> taken) => taken.Count(other => other == device);
}
