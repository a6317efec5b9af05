using Dashboard.Web.Access;
using Microsoft.AspNetCore.DataProtection;

namespace Dashboard.Web.Server;

/// <summary>What the pages, the hub and the API are given from below.</summary>
internal static class BackendServices
{
    public static void AddBackend(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment, ServeOptions options)
    {
        var data = new DataFolder(Path.GetFullPath(options.Data ?? configuration["Dashboard:Data"] ?? "data", options.Data is null ? environment.ContentRootPath : Environment.CurrentDirectory));
        Directory.CreateDirectory(data.Path);
        services.AddSingleton(data);
        services.AddSingleton(TimeProvider.System);
        services.AddDataProtection().PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(data.Path, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));

        var roots = configuration.GetSection("Dashboard:Roots").Get<string[]>() ?? [];
        var datasets = configuration.GetSection("Dashboard:Datasets").GetChildren().Select(entry => entry["Path"] ?? entry.Value).OfType<string>();
        services.AddSingleton(new AllowedRoots([data.Path, .. roots, .. datasets.Where(Path.IsPathFullyQualified)]));
    }
}
