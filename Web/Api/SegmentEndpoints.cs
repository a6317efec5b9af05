using System.Text.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web.Api;

/// <summary>
/// <c>POST /api/segment</c>: zero-shot masks of one image. A multipart form: the file <c>image</c>, or <c>dataset</c>, <c>split</c> and <c>id</c> of a data set's;
/// <c>classes</c>, separated by commas; <c>options</c>, a JSON object of <see cref="ZeroShotOptions"/> whose missing values are the defaults.
/// The pixels are decoded by the inference process; here they are bytes.
/// </summary>
internal static class SegmentEndpoints
{
    /// <summary>Names and options beside the image.</summary>
    private const long MostFieldBytes = 1 << 20;

    /// <summary>Uploads that are held in memory at a time; others wait on disk, where the server has put them.</summary>
    private static readonly SemaphoreSlim Held = new(2);

    public static void MapSegment(this RouteGroupBuilder api) =>
        api.MapPost("/segment", SegmentAsync).WithMetadata(new RequestSizeLimitAttribute(SegmentRequest.Limits.MaxFileBytes + MostFieldBytes))
            .Describe("Zero-shot masks of one image: of an upload, or of a data set's image.")
            .TakesForm(
                file: new("image", "The image file: JPEG, PNG, WebP, BMP or GIF. Or give dataset, split and id instead."),
                new("dataset", "A data set's name."),
                new("split", "The split that lists the image."),
                new("id", "The image's identifier."),
                new("classes", "Names of the classes, separated by commas."),
                new("options", "A JSON object of options of the method zeroshot (GET /api/methods/zeroshot); a missing one has its default."))
            .Produces<SegmentReport>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> SegmentAsync(HttpContext context, InferenceClient inference, DatasetBrowser datasets, AllowedRoots roots)
    {
        var cancellation = context.RequestAborted;
        if (!context.Request.HasFormContentType)
            return Results.Problem(
                "Send a multipart form with image (or dataset, split and id), classes and options.", statusCode: StatusCodes.Status415UnsupportedMediaType, title: "The request cannot be read");
        if (context.Request.ContentLength > SegmentRequest.Limits.MaxFileBytes + MostFieldBytes)
            return TooLarge();
        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(cancellation);
        }
        catch (Exception error) when (error is InvalidDataException or IOException && !DiskFull.Is(error))
        {
            return Refuse($"The form is malformed or cut off: {error.Message}");
        }

        var options = Options(form["options"].ToString(), roots);
        var classes = Names(form["classes"].ToString());
        if (ClassSet.Fault(classes) is { } fault)
            throw new InvalidRunException([new("classes", $"classes: {fault}")]);
        await Held.WaitAsync(cancellation);
        try
        {
            if (form.Files.GetFile("image") is { } file)
            {
                if (file.Length > SegmentRequest.Limits.MaxFileBytes)
                    return TooLarge();
                // In quotes, the name has no extension to be compared with the content: people save pictures under all kinds of names.
                return await AskAsync(await ReadAsync(file.OpenReadStream(), file.Length), $"“{file.FileName}”", ImageOrientation.Upright);
            }
            if (string.IsNullOrEmpty(form["dataset"]))
                return Refuse("There is no image: send the file as image, or name one of a data set with dataset, split and id.");
            if (datasets.Find(form["dataset"].ToString(), form["split"].ToString(), form["id"].ToString()) is not { } sample)
                return Results.Problem($"The split '{form["split"]}' of {form["dataset"]} has no image '{form["id"]}'.", statusCode: StatusCodes.Status404NotFound);
            await using var stored = RegularFile.OpenRead(sample.ImagePath);
            return stored.Length > SegmentRequest.Limits.MaxFileBytes ? TooLarge() : await AskAsync(await ReadAsync(stored, stored.Length), sample.ImagePath, sample.OrientationOf(ImageFile.ReadInfo(sample.ImagePath)));
        }
        catch (ImageException error)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
        finally
        {
            Held.Release();
        }

        async Task<IResult> AskAsync(byte[] image, string name, ImageOrientation orientation) =>
            Results.Ok(await inference.AskAsync(new SegmentRequest(image, name, orientation, classes, options), cancellation));

        async Task<byte[]> ReadAsync(Stream stream, long length)
        {
            var bytes = new byte[length];
            await stream.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }
    }

    /// <summary>A comma or line end after the last name is not a further name.</summary>
    private static IReadOnlyList<string> Names(string text)
    {
        var names = text.Trim().TrimEnd(',').Split([',', '\n'], StringSplitOptions.TrimEntries);
        return names is [""] ? [] : names;
    }

    /// <exception cref="InvalidRunException">With every failure, by option.</exception>
    private static ZeroShotOptions Options(string json, AllowedRoots roots)
    {
        JsonObject values;
        try
        {
            using var document = JsonDocument.Parse(json == "" ? "{}" : json);
            values = UniqueNames.Read(document.RootElement, RunJson.Line) ?? [];
        }
        catch (JsonException error)
        {
            throw new InvalidRunException([new("options", $"options: not a JSON object: {error.Message}")]);
        }
        var failures = ZeroShotMethod.Descriptor.Schema.Read(values, out var options);
        if (failures.Count == 0 && options is ZeroShotOptions { Model: "" })
            failures = [new("model", "model: choose one on the Models page, or give the path of one.")];
        if (failures.Count == 0 && options is ZeroShotOptions { Model: var model } && ModelCatalog.IsPath(model) && roots.Refuse(model) is { } refused)
            failures = [new("model", $"model: {refused}")];
        return failures.Count == 0 ? (ZeroShotOptions)options! : throw new InvalidRunException(failures);
    }

    private static IResult Refuse(string detail) => Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: "The request cannot be read");

    private static IResult TooLarge() => Results.Problem(
        $"The image file has more than {SegmentRequest.Limits.MaxFileBytes >> 20} MB. Scale it down or save it with more compression.", statusCode: StatusCodes.Status413PayloadTooLarge, title: "The image is too large");
}
