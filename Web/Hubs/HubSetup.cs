using Dashboard.Domain.Runs;

namespace Dashboard.Web.Hubs;

/// <summary>The hub's place in the server.</summary>
public static class HubSetup
{
    public static void AddRunsHub(this IServiceCollection services) =>
        services.AddSignalR().AddJsonProtocol(protocol => protocol.PayloadSerializerOptions = RunJson.Line);

    public static void MapRunsHub(this WebApplication app) => app.MapHub<RunsHub>("/hubs/runs");
}
