using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Dashboard.Web.Components.Address;

/// <summary>When a browser's lost line is back, writes the choices that went nowhere.</summary>
public sealed class LineWatch(ViewAddress address) : CircuitHandler
{
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        address.WriteAgain();
        return Task.CompletedTask;
    }
}
