using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Devices;

namespace Dashboard.Web.Api.Resources;

/// <summary><c>/api/devices</c>: which libtorch runs compute with and on which devices, or why they cannot; and what runs there.</summary>
internal static class DeviceEndpoints
{
    public static void MapDevices(this RouteGroupBuilder api)
    {
        api.MapGet("/devices", async (LibtorchOfWorkers libtorch) =>
            await libtorch.AskAsync() is { } report
                ? Results.Ok(report)
                : Results.Problem("The program did not report which libtorch it computes with.", statusCode: StatusCodes.Status503ServiceUnavailable))
            .Describe("Which libtorch runs compute with, and on which devices they can be launched, or why they cannot.")
            .Produces<LibtorchReport>()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/devices/use", (IExecutor executor, IRunStore store, DeviceMemory memory, Lead lead) =>
            DeviceUse.Of(executor.Devices, store.Live).Select(use => Describe(use, executor.Slots,
                lead.IsLeading || lead.Leader is { Process.IsLocal: true } ? memory : null)))
            .Describe("What runs on each device, and what waits for it.");
        api.MapGet("/lead", (Lead lead) => new LeadDescription(lead.IsLeading, lead.Leader?.Process.Host, lead.Leader?.Process.ProcessId,
            lead.Leader?.Since))
            .Describe("Which of the dashboards on this data folder leads, and so starts its runs.");
    }

    private static UseDescription Describe(DeviceUse use, int? slots, DeviceMemory? memory)
    {
        // A cluster's memory is not this machine's.
        var bytes = slots is null ? null : memory?.Of(use.Device);
        return new(use.Device, slots, bytes?.Used, bytes?.Total, use.Running.Select(run => run.Spec.Id), use.Waiting.Select(run => run.Spec.Id));
    }

    /// <param name="IsThis">Whether the dashboard that answers is the one.</param>
    /// <param name="Host">The leader's; missing where none leads at the moment.</param>
    /// <param name="Process">Its number on that host; missing likewise.</param>
    /// <param name="Since">By that host's clock; missing likewise.</param>
    internal sealed record LeadDescription(bool IsThis, string? Host, int? Process, DateTimeOffset? Since);

    /// <summary>A device; or cuda, for the runs that wait for whichever GPU is free first.</summary>
    /// <param name="Slots">Runs that share it at a time; missing where a cluster decides.</param>
    /// <param name="UsedBytes">Of its memory, by whatever process; missing where its driver does not tell.</param>
    /// <param name="TotalBytes">Of its memory; missing likewise.</param>
    /// <param name="Running">Identifiers of the runs that it has.</param>
    /// <param name="Waiting">Identifiers of the runs that wait for it, the first in the queue first.</param>
    internal sealed record UseDescription(
        string Device, int? Slots, double? UsedBytes, double? TotalBytes, IEnumerable<string> Running, IEnumerable<string> Waiting);
}
