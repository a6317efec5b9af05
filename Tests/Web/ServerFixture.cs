namespace Dashboard.Tests.Web;

/// <summary>One dashboard for the tests of a class, open to this machine.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public ServerProcess Server { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(Server.Address) };
    }

    /// <summary>Sends the path as it is written: ".." and escapes reach the server.</summary>
    public Task<HttpResponseMessage> GetRawAsync(string path) =>
        Client.GetAsync(new Uri(Server.Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
