using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Libtorch;
using Dashboard.Web.Api.Document;

namespace Dashboard.Web.Api.Resources;

/// <summary><c>/api/devices</c>: which libtorch runs compute with and on which devices, or why they cannot.</summary>
internal static class DeviceEndpoints
{
    public static void MapDevices(this RouteGroupBuilder api) => api.MapGet("/devices", async (LibtorchOfWorkers libtorch) =>
        await libtorch.AskAsync() is { } report
            ? Results.Ok(report)
            : Results.Problem("The program did not report which libtorch it computes with.", statusCode: StatusCodes.Status503ServiceUnavailable))
        .Describe("Which libtorch runs compute with, and on which devices they can be launched, or why they cannot.")
        .Produces<LibtorchReport>()
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
