using System.Globalization;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Server;

/// <summary>Where runs are executed, as the configuration says.</summary>
/// <param name="Devices">Those of this machine that runs may use; empty: all that libtorch finds.</param>
/// <param name="Slots">Runs that share one device at a time.</param>
/// <param name="Slurm">Null: on this machine.</param>
internal sealed record ExecutionSettings(IReadOnlyList<string> Devices, int Slots, SlurmSettings? Slurm)
{
    private const string Remedy = "Correct it in appsettings.json or the environment.";

    /// <exception cref="InvalidDataException">A value is none: names it.</exception>
    public static ExecutionSettings Of(IConfiguration configuration)
    {
        var dashboard = configuration.GetSection("Dashboard");
        IReadOnlyList<string> devices = dashboard.GetSection("Devices").Get<string[]>() ?? [];
        foreach (var device in devices.Where(device => !DeviceRequest.IsValid(device) || device == DeviceRequest.AnyGpu))
            throw new InvalidDataException($"Dashboard:Devices: '{device}' is not cpu or cuda:N. {Remedy}");
        return new([.. devices.Distinct()], Number(dashboard, "Slots", 1, 1, 64), Given(dashboard, "Executor") switch
        {
            null or "local" => null,
            "slurm" => SlurmOf(dashboard.GetSection("Slurm")),
            var other => throw new InvalidDataException($"Dashboard:Executor: '{other}' is not local or slurm. {Remedy}"),
        });
    }

    /// <summary>Silence after which a dashboard has lost the lead to another one on the same data folder.</summary>
    /// <exception cref="InvalidDataException">It is no number of seconds.</exception>
    public static TimeSpan LeaseOf(IConfiguration configuration) =>
        TimeSpan.FromSeconds(Number(configuration.GetSection("Dashboard"), "LeaseSeconds", (int)Lead.DefaultLength.TotalSeconds, 1, 3600));

    public IExecutor Open(DashboardProgram program, LibtorchOfWorkers libtorch, DataFolder data, TimeProvider time, ILogger<SlurmExecutor> log) =>
        Slurm is { } slurm ? new SlurmExecutor(program, slurm, data, time, log) : OpenLocal(program, libtorch);

    /// <summary>The devices of this machine, whatever the dashboard uses.</summary>
    public LocalExecutor OpenLocal(DashboardProgram program, LibtorchOfWorkers libtorch) => new(program, libtorch, Devices, Slots);

    private static SlurmSettings SlurmOf(IConfigurationSection slurm)
    {
        var defaults = new SlurmSettings();
        return new()
        {
            Partition = Given(slurm, "Partition"),
            Account = Given(slurm, "Account"),
            Options = slurm.GetSection("Options").Get<string[]>() ?? [],
            Jobs = Number(slurm, "Jobs", defaults.Jobs, 1, 10_000),
            Resumes = Number(slurm, "Resumes", defaults.Resumes, 0, 1000),
        };
    }

    private static string? Given(IConfigurationSection section, string name) => section[name] is { } text && text.Trim() != "" ? text.Trim() : null;

    private static int Number(IConfigurationSection section, string name, int otherwise, int least, int most) =>
        Given(section, name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidDataException($"{section.Path}:{name}: '{text}' is not a whole number from {least} to {most}. {Remedy}");
}
