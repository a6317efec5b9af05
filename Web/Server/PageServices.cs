using Dashboard.Web.Launch;
using Radzen;

namespace Dashboard.Web.Server;

/// <summary>Blazor and the component library.</summary>
internal static class PageServices
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddHttpContextAccessor();
        services.AddSingleton<AblationLaunch>();
    }
}
