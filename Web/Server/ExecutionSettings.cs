using System.Globalization;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Server;

/// <summary>Where runs are executed, as the configuration says.</summary>
/// <param name="Devices">Those that runs may use; empty: all that libtorch finds.</param>
/// <param name="Slots">Runs that share one device at a time.</param>
internal sealed record ExecutionSettings(IReadOnlyList<string> Devices, int Slots)
{
    /// <summary>More would mean thousands of processes on one machine.</summary>
    private const int MostSlots = 64;

    /// <exception cref="InvalidDataException">A value is none: names it.</exception>
    public static ExecutionSettings Of(IConfiguration configuration)
    {
        IReadOnlyList<string> devices = configuration.GetSection("Dashboard:Devices").Get<string[]>() ?? [];
        foreach (var device in devices.Where(device => !DeviceRequest.IsValid(device) || device == DeviceRequest.AnyGpu))
            throw new InvalidDataException($"Dashboard:Devices: '{device}' is not cpu or cuda:N. Correct it in appsettings.json or the environment.");
        var text = configuration["Dashboard:Slots"];
        return (text ?? "1") is var given && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var slots)
            && slots is >= 1 and <= MostSlots
            ? new([.. devices.Distinct()], slots)
            : throw new InvalidDataException(
                $"Dashboard:Slots: '{text}' is not a whole number from 1 to {MostSlots}. Correct it in appsettings.json or the environment.");
    }

    public LocalExecutor Open(DashboardProgram program, LibtorchOfWorkers libtorch) => new(program, libtorch, Devices, Slots);
}
