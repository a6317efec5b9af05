using Bunit;
using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Tests.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;

namespace Dashboard.Tests.Components;

/// <summary>Components by themselves, without a browser: on a real data folder, with the real store. Scripts answer nothing here.</summary>
public abstract class ComponentTests : BunitContext, IAsyncLifetime
{
    protected TemporaryData Temporary { get; } = new();

    protected ComponentTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(Temporary.Data);
        Services.AddSingleton(_ => new Lead(Temporary.Data, TimeProvider.System, Lead.DefaultLength));
        Services.AddSingleton(_ => Temporary.OpenStore());
        Services.AddSingleton<IRunStore>(provider => provider.GetRequiredService<RunStore>());
        Services.AddSingleton(new LibtorchOfWorkers(Temporary.Program));
        Services.AddSingleton<IExecutor>(Temporary.ExecutorOn(["cpu"]));
        Services.AddSingleton<DeviceMemory>();
        Services.AddSingleton(new AllowedRoots([Temporary.Data.Path]));
        Services.AddSingleton<OwnPresets>();
        Services.AddScoped<Confirmation>();
    }

    protected DataFolder Data => Temporary.Data;

    /// <summary>What dialogs appear in.</summary>
    protected IRenderedComponent<MudDialogProvider> Dialogs => field ??= Render<MudDialogProvider>();

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        Temporary.Dispose();
    }
}
