using System.Net.Sockets;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Api;
using Dashboard.Web.Components;
using Dashboard.Web.Devices;
using Dashboard.Web.Hubs;
using Microsoft.AspNetCore.Connections;

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
            var data =
                new DataFolder(Path.GetFullPath(options.Data
                    ?? Path.Combine(builder.Environment.ContentRootPath, builder.Configuration["Dashboard:Data"] ?? "data")));
            using var lead = new Lead(data, TimeProvider.System, ExecutionSettings.LeaseOf(builder.Configuration));
            var log = DashboardLog.PathIn(data, lead.IsLeading);
            await using var app = Build(builder, data, lead, log, options.Urls);
            await StartAsync(app);
            Announce(app, lead, log);
            using var leaving = Departure.Within(Departure.Patience, app.Lifetime);
            _ = TellLibtorchAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception error) when (error.GetBaseException() is SocketException or AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"{error.Message.TrimEnd('.')}. Is a dashboard running there already? Stop it, or choose another address, for example: ./run serve "
                + "--urls http://127.0.0.1:5081");
            return 1;
        }
        catch (UnauthorizedAccessException error)
        {
            await Console.Error.WriteLineAsync(
                $"{error.Message} The dashboard must be allowed to write to its data folder: give one of your own with --data, or change that "
                + "folder's owner.");
            return 1;
        }
        catch (Exception error) when (error is FormatException or InvalidDataException or DirectoryNotFoundException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    /// <exception cref="InvalidDataException">The addresses or certificates in the configuration are not valid.</exception>
    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                $"The server cannot listen as it is configured: {error.Message} Correct --urls, the environment or appsettings.json.", error);
        }
    }

    /// <summary>The server over a data folder, not started yet.</summary>
    /// <param name="program">What workers are started with; null: this process's own executable.</param>
    public static WebApplication Build(DataFolder data, string? urls, string? program = null)
    {
        var lead = new Lead(data, TimeProvider.System, Lead.DefaultLength);
        return Build(CreateBuilder(), data, lead, DashboardLog.PathIn(data, lead.IsLeading), urls, program);
    }

    private static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = ContentRoot.Find(), ApplicationName = typeof(DashboardServer).Assembly.GetName().Name });
        try
        {
            builder.WebHost.UseStaticWebAssets();
        }
        catch (Exception error) when (error is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"The pages' scripts lie where {Environment.UserName} cannot read them: {error.Message} Another user has built the dashboard, with "
                + "packages of their own. "
                + "Build it in a clone of your own; or have that user build it with packages that all can read: NUGET_PACKAGES=/opt/nuget ./run "
                + "--version", error);
        }
        return builder;
    }

    private static WebApplication Build(
        WebApplicationBuilder builder, DataFolder data, Lead lead, string log, string? urls, string? program = null)
    {
        Listen(builder, urls);
        builder.Logging.AddDashboardLog(log);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Departure.OfRequests);
        builder.WebHost.ConfigureKestrel(server =>
        {
            // Every view choice is in the address, names of classes among them.
            server.Limits.MaxRequestLineSize = 64 << 10;
            // Requests are small; what takes an image says so itself.
            server.Limits.MaxRequestBodySize = 4 << 20;
        });
        builder.Services.AddResponseCompression(compression => compression.MimeTypes = ["text/css", "text/javascript", "image/svg+xml"]);
        builder.Services.AddSingleton<Reach>();
        builder.Services.AddBackend(builder.Configuration, data, lead, program);
        builder.Services.AddPages();
        builder.Services.AddApi();
        builder.Services.AddRunsHub();

        var app = builder.Build();
        app.UseWhen(ApiEndpoints.IsApi, api => api.UseExceptionHandler().UseStatusCodePages().Use(ApiErrors.TranslateAsync));
        app.UseWhen(context => !ApiEndpoints.IsApi(context),
            pages => pages.UseExceptionHandler("/error").UseStatusCodePagesWithReExecute("/not-found"));
        app.Use(SecurityHeaders.AddAsync);
        app.UseWebSockets();
        app.UseMiddleware<LoopbackHostGuard>();
        app.UseMiddleware<TokenGuard>();
        app.UseMiddleware<SameOriginGuard>();
        app.Use(OldAddresses.RedirectAsync);
        // After the routing, which serves what MapStaticAssets knows as the build has compressed it; the rest is compressed here.
        app.UseRouting();
        app.UseResponseCompression();
        app.UseStaticFiles();
        app.UseAntiforgery();

        app.MapStaticAssets();
        app.MapApi();
        app.MapRunsHub();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.Lifetime.ApplicationStarted.Register(() => app.Services.GetRequiredService<Reach>().Decide());
        return app;
    }

    /// <summary>
    /// By order of rank: the command line; Kestrel's own configuration (<c>Kestrel:Endpoints</c>); <c>Urls</c> or the ports of the environment or
    /// appsettings.json; this machine alone.
    /// </summary>
    private static void Listen(WebApplicationBuilder builder, string? urls)
    {
        var configured = builder.Configuration["Urls"];
        builder.WebHost.PreferHostingUrls(urls is not null);
        if ((urls ?? configured) is { } given)
            builder.WebHost.UseUrls([.. ListenAddresses.Parse(given)]);
        else if (!builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any() && builder.Configuration["http_ports"] is null
            && builder.Configuration["https_ports"] is null)
            builder.WebHost.UseUrls(ServeOptions.DefaultUrls);
    }

    /// <summary>The address on standard output, for people and for scripts that wait for it; with the token where one is needed.</summary>
    private static void Announce(WebApplication app, Lead lead, string log)
    {
        var data = app.Services.GetRequiredService<DataFolder>();
        var reach = app.Services.GetRequiredService<Reach>();
        var login = reach.Decide() ? "" : $"/login?token={AccessToken.LoadOrCreate(data.Path).Value}";
        foreach (var address in reach.Addresses)
            Console.WriteLine(address.StartsWith("http://unix:", StringComparison.OrdinalIgnoreCase)
                ? $"Dashboard: http://localhost{login}   (through the socket {address["http://unix:".Length..]})"
                : $"Dashboard: {address.Replace("0.0.0.0", Environment.MachineName).Replace("[::]", Environment.MachineName)}{login}");
        if (LeadText.Of(lead) is { } other)
            Console.WriteLine(other);
        Console.WriteLine($"Data: {data.Path}   Log: {log}   (Ctrl+C stops the dashboard; runs go on)");
    }

    private static async Task TellLibtorchAsync(WebApplication app)
    {
        if (await app.Services.GetRequiredService<LibtorchOfWorkers>().AskAsync() is { } report)
            Console.WriteLine(report);
    }
}
