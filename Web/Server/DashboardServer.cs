using System.Net.Sockets;
using Dashboard.Backend.Execution;
using Dashboard.Web.Access;
using Dashboard.Web.Api;
using Dashboard.Web.Components;
using Dashboard.Web.Hubs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;

namespace Dashboard.Web.Server;

/// <summary><c>dashboard serve</c>: the web process. It follows run folders and never loads libtorch.</summary>
public static class DashboardServer
{
    /// <returns>Exit code: 0 after a requested stop, 1 when it could not start (the reason stands on standard error).</returns>
    public static async Task<int> RunAsync(ServeOptions options)
    {
        try
        {
            var builder = CreateBuilder();
            var data = new DataFolder(Path.GetFullPath(options.Data ?? Path.Combine(builder.Environment.ContentRootPath, builder.Configuration["Dashboard:Data"] ?? "data")));
            using var serving = data.TryServe(TimeProvider.System)
                ?? throw new InvalidDataException($"Another dashboard serves {data.Path} already. Stop it, or give another folder with --data.");
            await using var app = Build(builder, data, options.Urls);
            await app.StartAsync();
            // The store follows runs and the queue starts them whether or not a page is open.
            app.Services.GetRequiredService<IRunQueue>();
            Announce(app);
            if (await app.Services.GetRequiredService<LibtorchOfWorkers>().AskAsync() is { } libtorch)
                Console.WriteLine(libtorch);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception error) when (error.GetBaseException() is SocketException or AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{error.Message.TrimEnd('.')}. Is a dashboard running there already? Stop it, or choose another address, for example: ./run serve --urls http://127.0.0.1:5081");
            return 1;
        }
        catch (Exception error) when (error is FormatException or InvalidDataException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    /// <summary>The server over a data folder, not started yet.</summary>
    public static WebApplication Build(DataFolder data, string? urls) => Build(CreateBuilder(), data, urls);

    private static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = ContentRoot.Find(), ApplicationName = typeof(DashboardServer).Assembly.GetName().Name });
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }

    private static WebApplication Build(WebApplicationBuilder builder, DataFolder data, string? urls)
    {
        var addresses = new ListenAddresses(urls ?? builder.Configuration["Urls"] ?? ServeOptions.DefaultUrls);
        builder.WebHost.UseUrls([.. addresses.All]);
        // Every view choice is in the address, names of classes among them.
        builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestLineSize = 64 << 10);
        builder.Services.AddSingleton(addresses);
        builder.Services.AddBackend(builder.Configuration, data);
        builder.Services.AddPages();
        builder.Services.AddApi();
        builder.Services.AddRunsHub();

        var app = builder.Build();
        app.UseWhen(ApiEndpoints.IsApi, api => api.UseExceptionHandler().UseStatusCodePages().Use(ApiErrors.TranslateAsync));
        app.UseWhen(context => !ApiEndpoints.IsApi(context), pages => pages.UseExceptionHandler("/error").UseStatusCodePagesWithReExecute("/not-found"));
        app.Use(SecurityHeaders.AddAsync);
        app.UseWebSockets();
        app.UseMiddleware<LoopbackHostGuard>();
        if (!addresses.LoopbackOnly)
            app.UseMiddleware<TokenGuard>(AccessToken.LoadOrCreate(data.Path));
        app.UseMiddleware<SameOriginGuard>();
        app.UseStaticFiles();
        app.UseRouting();
        app.UseAntiforgery();

        app.MapStaticAssets();
        app.MapApi();
        app.MapRunsHub();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }

    /// <summary>The address on standard output, for people and for scripts that wait for it; with the token where one is needed.</summary>
    private static void Announce(WebApplication app)
    {
        var data = app.Services.GetRequiredService<DataFolder>().Path;
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in bound)
        {
            var reachable = address.Replace("0.0.0.0", Environment.MachineName).Replace("[::]", Environment.MachineName);
            Console.WriteLine(app.Services.GetRequiredService<ListenAddresses>().LoopbackOnly
                ? $"Dashboard: {reachable}"
                : $"Dashboard: {reachable}/login?token={AccessToken.LoadOrCreate(data).Value}");
        }
        Console.WriteLine($"Data: {data}   (Ctrl+C stops the dashboard; runs go on)");
    }
}
