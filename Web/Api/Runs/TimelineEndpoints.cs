using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Images.Pictures;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Live;

namespace Dashboard.Web.Api.Runs;

/// <summary><c>/api/runs/{id}/timeline.gif?image=ID</c>: the pictures of one image, epoch by epoch, as an animation.</summary>
internal static class TimelineEndpoints
{
    private const int Side = 192;
    private const int MostPictures = 8;

    /// <summary>Of a longer timeline, this many are taken, evenly spaced.</summary>
    private const int MostFrames = 60;

    /// <summary>As on the page.</summary>
    private static readonly string[] Order = ["image", "truth", "cam", "mask"];

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(700);

    public static void MapTimeline(this RouteGroupBuilder api) => api.MapGet("/runs/{id}/timeline.gif", SendAsync)
        .Describe(
            "The pictures of one image, epoch by epoch, as an animation.", RunEndpoints.Id,
            new("image", "The image's identifier, as the run's snapshots name it."))
        .ProducesFile("image/gif")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> SendAsync(HttpContext context, IRunStore store, string id, string image)
    {
        if (store.Find(id) is not { } run || store.Folder(id) is not { } folder)
            return Results.Problem($"There is no run '{id}'.", statusCode: StatusCodes.Status404NotFound);
        var epochs = Epochs(await SnapshotsAsync(store, run, context.RequestAborted), image);
        if (epochs.Count == 0)
            return Results.Problem($"The run has no pictures of '{image}'.", statusCode: StatusCodes.Status404NotFound);
        try
        {
            using var memory = ImageMemory.Shared.Open();
            List<ImageBuffer> frames = [];
            foreach (var files in epochs.Count <= MostFrames
                ? epochs
                : [.. Enumerable.Range(0, MostFrames).Select(i => epochs[i * (epochs.Count - 1) / (MostFrames - 1)])])
            {
                context.RequestAborted.ThrowIfCancellationRequested();
                var strip = PictureStrip.Of([.. files.Take(MostPictures).Select(file => Read(folder, file))]);
                frames.Add(frames.Count == 0 ? strip : Resampling.Resize(strip, frames[0].Size, ResampleFilter.Bilinear));
            }
            context.Response.Headers.CacheControl = "no-store";
            return Results.File(Pictures.EncodeGif(frames, Delay), "image/gif", $"{image.Replace('/', '_')}.gif");
        }
        catch (ImageException error)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    /// <summary>The files of each epoch, the same pictures in all: those that the first has. Image and truth may be given once only.</summary>
    private static IReadOnlyList<IReadOnlyList<string>> Epochs(IReadOnlyList<RunSnapshot> snapshots, string image)
    {
        var newest = new Dictionary<(string Kind, string? Class), string>();
        List<IReadOnlyDictionary<(string Kind, string? Class), string>> epochs = [];
        foreach (var snapshot in snapshots)
        {
            var panels = snapshot.Panels.Where(panel => panel.Image == image).ToList();
            foreach (var panel in panels)
                newest[(panel.Kind, panel.Class)] = panel.File;
            if (panels.Count > 0)
                epochs.Add(newest.ToDictionary());
        }
        var shown = epochs.Count == 0 ? [] : epochs[0].Keys.OrderBy(panel => Array.IndexOf(Order, panel.Kind)).ToList();
        return [.. epochs.Select(epoch => (IReadOnlyList<string>)[.. shown.Select(panel => epoch[panel])])];
    }

    private static ImageBuffer Read(RunFolder folder, string file) => RunFileEndpoints.Locate(folder, file) is { } path
        ? ImageFile.ReadReduced(path, Side, _ => ImageOrientation.AsStored)
        : throw new ImageException($"{file} is missing from the run's folder.");

    private static async Task<IReadOnlyList<RunSnapshot>> SnapshotsAsync(IRunStore store, RunSummary run, CancellationToken stop)
    {
        var digest = new RunDigest();
        if (run.LastSeq > 0)
            await foreach (var next in store.Follow(run.Spec.Id, 0, stop))
            {
                digest = digest.Apply(next);
                if (next.Seq >= run.LastSeq)
                    break;
            }
        return digest.Snapshots;
    }
}
