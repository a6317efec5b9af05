using Dashboard.Backend.Exchange;
using Dashboard.Backend.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Http.Features;

namespace Dashboard.Web.Api.Runs;

/// <summary><c>/api/runs/{id}/export/{format}</c>: a run's results as a download that is made while it is sent.</summary>
internal static class ExportEndpoints
{
    public static void MapExport(this RouteGroupBuilder api) => api.MapGet("/runs/{id}/export/{format}", SendAsync)
        .Describe(
            "A run's results to take away: voc (label maps as indexed PNG with lists and a card, zip), coco (run-length code for annotation tools, "
            + "JSON), npy (soft maps in IRN's layout, zip), "
            + "safetensors and pth (the network). Everything is checked before the first byte; a file that breaks off all the same is not whole.",
            RunEndpoints.Id,
            new("format", ExportFormats.Names + "."),
            new("split", "Only the images of this split. Without it: all that the run has maps of."),
            new("threshold",
                "voc and coco: labels of the run's soft maps at this threshold, 0 to 1. Without it: its label maps, or its soft maps at the "
                + "threshold of its score."))
        .ProducesFile("application/zip", "application/json", "application/octet-stream")
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> SendAsync(HttpContext context, IRunStore store, DatasetBrowser datasets, string id, string format,
        string? split, double? threshold)
    {
        if (store.Folder(id) is not { } folder)
            return RunEndpoints.Unknown(id);
        if (ExportFormats.Find(format) is not { } known)
            throw new InvalidRunException("format", $"format: there is no '{Shown.Text(format)}'. Known are {ExportFormats.Names}.");
        var stop = context.RequestAborted;
        var export = await Task.Run(() => RunExport.Prepare(folder, new(known, split, threshold), name => datasets.Open(name, null, stop)), stop);
        context.Response.ContentType = export.ContentType;
        context.Response.Headers.ContentDisposition = $"attachment; filename={export.FileName}";
        // Zip archives and tensors are written by blocking calls, which here hold a thread of the pool and nothing else.
        context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        await Task.Run(
            () =>
            {
                using var buffered = new BufferedStream(context.Response.Body, 1 << 16);
                export.Write(buffered, progress: null, stop);
            },
            stop);
        return Results.Empty;
    }
}
