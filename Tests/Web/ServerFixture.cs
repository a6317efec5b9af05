using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

/// <summary>One dashboard for the tests of a class, open to this machine.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public HostedServer Server { get; private set; } = null!;

    public HttpClient Client => Server.Client;

    public async Task InitializeAsync() => Server = await HostedServer.StartAsync();

    /// <summary>Sends the path as it is written: ".." and escapes reach the server.</summary>
    public Task<HttpResponseMessage> GetRawAsync(string path) =>
        Client.GetAsync(new Uri(Server.Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

    /// <summary>The whole run, with its last event, stands in the API.</summary>
    public Task UntilFinished(string run) => TemporaryData.Until(
        () => Client.GetAsync($"/api/runs/{run}").Result is {
            IsSuccessStatusCode: true } answer && answer.Content.ReadAsStringAsync().Result.Contains("\"finished\"", StringComparison.Ordinal),
        $"{run} to be indexed");

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
