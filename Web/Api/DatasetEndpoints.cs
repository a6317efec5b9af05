using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;
using Dashboard.Web.Access;
using Dashboard.Web.Datasets;

namespace Dashboard.Web.Api;

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
        api.MapGet("/datasets", (DatasetCatalog catalog) => catalog.List());
        api.MapGet("/datasets/{name}", (DatasetBrowser browser, string name) => Describe(name, browser.Open(name)));
        api.MapGet("/datasets/{name}/preview", async (DatasetBrowser browser, string name, CancellationToken stop) => await browser.PreviewAsync(name, stop: stop));
        api.MapPost("/datasets", (DatasetCatalog catalog, AllowedRoots roots, Registration registration) =>
        {
            if (roots.Refuse(registration.Path) is { } refused)
                throw new DatasetException($"path: {refused}");
            var entry = catalog.Register(registration.Name, registration.Path);
            return Results.Created($"/api/datasets/{entry.Name}", entry);
        });
        api.MapDelete("/datasets/{name}", (DatasetCatalog catalog, string name) =>
        {
            catalog.Remove(name);
            return Results.NoContent();
        });
        api.MapGet("/datasets/{name}/images/{*id}", (HttpContext context, DatasetBrowser browser, string name, RestOfPath rest, string split, bool? large) =>
            Send(context, browser.Find(name, split, rest.Text), "image/jpeg", sample => sample.ImagePath, sample => EncodeImage(sample.ImagePath, large == true ? LargeSide : ThumbnailSide)));
        api.MapGet("/datasets/{name}/masks/{*id}", (HttpContext context, DatasetBrowser browser, string name, RestOfPath rest, string split, bool? overlay) =>
            Send(context, browser.Find(name, split, rest.Text), "image/png", sample => sample.MaskPath, sample => overlay == true ? EncodeOverlay(sample.ReadTruth()) : ImageFile.EncodeLabels(sample.ReadTruth())));
        api.MapGet("/datasets/{name}/overlays/{*id}", (HttpContext context, DatasetBrowser browser, string name, RestOfPath rest, string split) =>
            Send(context, browser.Find(name, split, rest.Text), "image/jpeg", sample => sample.ImagePath, EncodePicture));
    }

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
            return Results.Bytes(encode(sample), type, lastModified: changed);
        }
        catch (ImageException error)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    /// <summary>As stored, so that the mask fits; a photograph's EXIF orientation is not applied to either.</summary>
    private static byte[] EncodeImage(string path, int side)
    {
        var image = ImageFile.ReadRgb(path);
        return ImageFile.EncodeJpeg(Math.Max(image.Width, image.Height) > side ? Resampling.Resize(image, image.Size.WithLongSide(side), ResampleFilter.Bilinear) : image);
    }

    private static byte[] EncodePicture(Sample sample) =>
        LabelOverlay.Draw(ImageFile.ReadRgb(sample.ImagePath), sample.MaskPath is null ? null : sample.ReadTruth(), PictureSide);

    /// <summary>The labels' colours with a background that lets the image through.</summary>
    private static byte[] EncodeOverlay(LabelMap labels)
    {
        var pixels = new byte[4 * labels.Labels.Length];
        for (var i = 0; i < labels.Labels.Length; i++)
            if (labels.Labels[i] is var label and not LabelMap.Background)
            {
                (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]) = VocPalette.Colour(label);
                pixels[4 * i + 3] = byte.MaxValue;
            }
        return ImageFile.EncodePng(new ImageBuffer(labels.Width, labels.Height, 4, pixels), compression: 1);
    }

    private static DatasetDescription Describe(string name, IImageDataset dataset) =>
        new(name, dataset.Name, dataset.Root, dataset.Classes.Names, dataset.Splits.ToDictionary(split => split, split => dataset.Samples(split).Count));

    private sealed record Registration(string Name, string Path);

    private sealed record DatasetDescription(string Name, string Title, string Root, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, int> Splits);
}
