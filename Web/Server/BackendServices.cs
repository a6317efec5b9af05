using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Web.Access;
using Dashboard.Web.Notices;
using Microsoft.AspNetCore.DataProtection;

namespace Dashboard.Web.Server;

/// <summary>What the pages, the hub and the API are given from below.</summary>
internal static class BackendServices
{
    /// <param name="program">What workers are started with; null: this process's own executable.</param>
    public static void AddBackend(this IServiceCollection services, IConfiguration configuration, DataFolder data, Lead lead, string? program)
    {
        var datasets = configuration.GetSection("Dashboard:Datasets").Get<Dictionary<string, string>>() ?? [];
        var roots = configuration.GetSection("Dashboard:Roots").Get<string[]>() ?? [];

        services.AddSingleton(data);
        services.AddSingleton(_ => lead);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new DatasetCatalog(data.Path, datasets));
        services.AddSingleton(new ModelCatalog(data.Path));
        services.AddSingleton(provider => new InferenceClient(
            data, provider.GetRequiredService<DashboardProgram>(), provider.GetRequiredService<TimeProvider>(),
            log: provider.GetRequiredService<ILogger<InferenceClient>>(), lead: lead));
        var allowed = new AllowedRoots([data.Path, .. roots, .. datasets.Values]);
        services.AddSingleton(allowed);
        services.AddSingleton<IDatasetSource, CatalogDatasets>();
        services.AddSingleton(provider => new RunInventory(provider.GetRequiredService<IDatasetSource>(), provider.GetRequiredService<ModelCatalog>())
        {
            Refuse = allowed.Refuse,
            DeviceFault = device => provider.GetRequiredService<IExecutor>().Fault(new(device)),
        });
        services.AddSingleton(provider => Follow(data, lead, provider));
        services.AddSingleton<IRunStore>(provider => provider.GetRequiredService<RunStore>());
        services.AddSingleton(program is null
            ? DashboardProgram.OfThisProcess(data, allowed.All)
            : new DashboardProgram([program, "--data", data.Path]) { Roots = allowed.All });
        services.AddSingleton<LibtorchOfWorkers>();
        services.AddSingleton<DeviceMemory>();
        var execution = ExecutionSettings.Of(configuration);
        services.AddSingleton<IExecutor>(provider => new LeaderExecutor(
            execution.Open(provider.GetRequiredService<DashboardProgram>(), provider.GetRequiredService<LibtorchOfWorkers>(), data,
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SlurmExecutor>>()),
            lead, data, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RunQueue(
            data, provider.GetRequiredService<RunStore>(), provider.GetRequiredService<DashboardProgram>(), provider.GetRequiredService<IExecutor>(),
            provider.GetRequiredService<RunInventory>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RunQueue>>(), lead: lead));
        services.AddSingleton<IRunQueue>(provider => provider.GetRequiredService<RunQueue>());
        services.AddRestartedWork("lead", provider => stop => lead.RunAsync(provider.GetRequiredService<ILogger<Lead>>(), stop));
        services.AddRestartedWork("following of runs", provider => provider.GetRequiredService<RunStore>().FollowAsync);
        services.AddRestartedWork("notices of changed runs", provider => provider.GetRequiredService<RunStore>().NotifyAsync);
        services.AddRestartedWork("writing of the index of runs", provider => provider.GetRequiredService<RunStore>().WriteIndexAsync);
        services.AddRestartedWork("queue of runs", provider => provider.GetRequiredService<RunQueue>().RunAsync);
        services.AddSingleton<RunEndings>();
        services.AddSingleton<Webhook>();
        services.AddRestartedWork("notices of ended runs", provider => provider.GetRequiredService<RunEndings>().FollowAsync);
        services.AddRestartedWork("webhook", provider => provider.GetRequiredService<Webhook>().PostAsync);

        // Keeps the pages' state and forms valid over a restart.
        var keys =
            Directory.CreateDirectory(Path.Combine(data.Path, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        services.AddDataProtection().PersistKeysToFileSystem(keys);
    }

    private static RunStore Follow(DataFolder data, Lead lead, IServiceProvider provider)
    {
        var store = RunStore.Follow(data, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RunStore>>(),
            keepsIndex: lead.IsLeading);
        lead.Changed += () =>
        {
            if (!lead.IsLeading)
                store.LeaveIndex();
        };
        return store;
    }
}
