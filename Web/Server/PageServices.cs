using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components.Server.Circuits;
using MudBlazor.Services;

namespace Dashboard.Web.Server;

/// <summary>Blazor and the component library.</summary>
internal static class PageServices
{
    public static void AddPages(this IServiceCollection services)
    {
        // One message holds what is typed, or an address with all of it: a list of names in any script, not just 32 KB.
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = 128 << 10);
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = MudBlazor.Defaults.Classes.Position.BottomCenter;
            options.SnackbarConfiguration.PreventDuplicates = true;
            options.SnackbarConfiguration.ShowTransitionDuration = options.SnackbarConfiguration.HideTransitionDuration = 100;
        });
        services.AddHttpContextAccessor();
        services.AddScoped<Confirmation>();
        services.AddScoped<ViewAddress>();
        services.AddScoped<CircuitHandler, LineWatch>();
        services.AddCascadingValue(provider => provider.GetRequiredService<ViewAddress>().Source);
        services.AddSingleton<PipelineLaunch>();
        services.AddSingleton<OwnPresets>();
        services.AddSingleton<SweepLaunch>();
        services.AddRestartedWork("sweeps", provider => provider.GetRequiredService<SweepLaunch>().RunAsync);
    }
}
