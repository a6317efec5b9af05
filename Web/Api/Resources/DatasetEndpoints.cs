using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Pictures;
using Dashboard.Backend.Runs.Database;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Datasets;

namespace Dashboard.Web.Api.Resources;

/// <summary><c>/api/datasets</c>: list, register, remove, look at images and masks.</summary>
internal static class DatasetEndpoints
{
    /// <summary>Long sides that are served, pixels: a thumbnail, a large view.</summary>
    private const int ThumbnailSide = 256;
    private const int LargeSide = 1600;

    /// <summary>Of a picture of the preview.</summary>
    private const int PictureSide = 480;

    public static void MapDatasets(this RouteGroupBuilder api)
    {
        api.MapGet("/datasets", (DatasetCatalog catalog) => catalog.List())
            .Describe("All data sets that are known.");
        api.MapGet("/datasets/{name}", (DatasetBrowser browser, DatasetName name) => Describe(name.Text, browser.Open(name.Text)))
            .Describe("How a data set's folder was read: classes, splits, and what could not be read.", Name)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapGet("/datasets/{name}/preview", async (DatasetBrowser browser, DatasetName name, CancellationToken stop) =>
            await browser.PreviewAsync(name.Text, stop: stop))
            .Describe("Images, classes and shares of pixels of every split, and images to look at.", Name)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapPost("/datasets", (DatasetCatalog catalog, AllowedRoots roots, Registration registration) =>
        {
            if (roots.Refuse(registration.Path) is { } refused)
                throw new DatasetException($"path: {refused}");
            var entry = catalog.Register(registration.Name, registration.Path);
            return Results.Created($"/api/datasets/{entry.Name}", entry);
        })
            .Describe("Registers a folder on the dashboard's machine as a data set. It must lie in a folder that browsers may name.")
            .Produces<DatasetEntry>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapDelete("/datasets/{name}", (DatasetCatalog catalog, string name) =>
        {
            catalog.Remove(name);
            return Results.NoContent();
        })
            .Describe("Forgets a data set; its folder stays as it is.", Name)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapGet("/datasets/{name}/images/{*id}",
            (HttpContext context, DatasetBrowser browser, DatasetName name, RestOfPath rest, string split, bool? large) =>
            Send(
                context, browser.Find(name.Text, split, rest.Text), "image/jpeg", sample => sample.ImagePath,
                sample => Pictures.EncodeJpeg(sample.ReadReduced(large == true ? LargeSide : ThumbnailSide))))
            .DescribePicture(
                "An image of a data set, reduced.", "image/jpeg",
                new Meaning("large", $"At most {LargeSide} pixels on the long side instead of {ThumbnailSide}."));
        api.MapGet("/datasets/{name}/masks/{*id}",
            (HttpContext context, DatasetBrowser browser, DatasetName name, RestOfPath rest, string split, bool? overlay) =>
            Send(
                context, browser.Find(name.Text, split, rest.Text), "image/png", sample => sample.MaskPath,
                sample =>
                    overlay == true
                        ? Pictures.EncodePng(LabelPicture.Of(sample.ReadLabels(), browser.Open(name.Text).Classes.LabelNames), compression: 1)
                        : ImageFile.EncodeLabels(sample.ReadLabels())))
            .DescribePicture(
                "The mask of an image: an indexed PNG of labels.", "image/png",
                new Meaning("overlay", "In colours with a transparent background instead."));
        api.MapGet("/datasets/{name}/overlays/{*id}",
            (HttpContext context, DatasetBrowser browser, DatasetName name, RestOfPath rest, string split) =>
            Send(context, browser.Find(name.Text, split, rest.Text), "image/jpeg", sample => sample.ImagePath,
                sample => EncodePicture(sample, browser.Open(name.Text).Classes.LabelNames)))
            .DescribePicture("An image under the colours of its mask.", "image/jpeg");
    }

    private static readonly Meaning Name = new("name", "The data set's name.");

    private static void DescribePicture(this RouteHandlerBuilder address, string summary, string type, params Meaning[] more) => address
        .Describe(summary, [Name, new("id", "The image's identifier."), new("split", "The split that lists it, such as val."), .. more])
        .ProducesFile(type)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <summary>Only files that the data set itself lists: nothing of the path comes from the request.</summary>
    private static IResult Send(HttpContext context, Sample? sample, string type, Func<Sample, string?> file, Func<Sample, byte[]> encode)
    {
        if (sample is null || file(sample) is not { } path || !File.Exists(path))
            return Results.Problem("The data set lists no such file, or it is missing.", statusCode: StatusCodes.Status404NotFound);
        var changed = File.GetLastWriteTimeUtc(path);
        context.Response.Headers.CacheControl = "private, max-age=3600";
        if (context.Request.GetTypedHeaders().IfModifiedSince is { } since && changed <= since.AddSeconds(1))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        try
        {
            using var memory = ImageMemory.Shared.Open();
            return Results.Bytes(encode(sample), type, lastModified: changed);
        }
        catch (ImageException error)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static byte[] EncodePicture(Sample sample, IReadOnlyList<string> labelNames) =>
        LabelOverlay.Draw(sample.ReadReduced(PictureSide), sample.MaskPath is null ? null : sample.ReadLabels(), labelNames, PictureSide);

    /// <summary>A split that cannot be read does not keep the others from being described.</summary>
    private static DatasetDescription Describe(string name, IImageDataset dataset)
    {
        var (splits, unreadable) = (new Dictionary<string, int>(), new Dictionary<string, string>());
        foreach (var split in dataset.Splits)
        {
            try
            {
                splits[split] = dataset.Samples(split).Count;
            }
            catch (DatasetException error)
            {
                unreadable[split] = error.Message;
            }
        }
        return new(name, dataset.Name, dataset.Root, dataset.Classes.Names, splits, unreadable, dataset.Notes);
    }

    private sealed record Registration(string Name, string Path);

    /// <param name="Splits">Images by split.</param>
    /// <param name="Unreadable">Why a split cannot be read, by split.</param>
    /// <param name="Notes">How the folder was read, where that is not obvious.</param>
    internal sealed record DatasetDescription(
        string Name, string Title, string Root, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, int> Splits,
        IReadOnlyDictionary<string, string> Unreadable, IReadOnlyList<string> Notes);
}
