using System.Net;
using Dashboard.Backend.Runs.Database;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dashboard.Web.Access;

/// <summary>
/// Who can reach the server, by the addresses that it has really bound: there are many ways to name them (options, environment, configuration), and
/// this asks none of them. Nothing is served before it is known.
/// </summary>
public sealed class Reach(IServer server)
{
    private readonly TaskCompletionSource<bool> _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called once all addresses are bound.</summary>
    /// <returns>True when only this machine can connect: then no token is asked for.</returns>
    public bool Decide()
    {
        var bound = Addresses;
        _known.TrySetResult(bound.Count > 0 && bound.All(ListenAddresses.IsLoopbackUrl));
        return _known.Task.Result;
    }

    public IReadOnlyCollection<string> Addresses => [.. server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];

    /// <summary>
    /// Waits until it is known. A connection that came in on an address of the network needs the token in any case: addresses that are added to the
    /// configuration while the server runs are bound without a word.
    /// </summary>
    public async Task<bool> NeedsTokenAsync(HttpContext context) =>
        !await _known.Task.WaitAsync(context.RequestAborted) || context.Connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local);
}
