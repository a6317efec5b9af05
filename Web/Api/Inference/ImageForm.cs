using Dashboard.Backend.Datasets;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Inference;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web.Api.Inference;

/// <summary>The image of a request, as bytes: pixels are decoded by the inference process.</summary>
internal sealed record FormImage(byte[] Bytes, string Name, ImageOrientation Orientation);

/// <summary>Multipart forms with an image: the file <c>image</c>, or <c>dataset</c>, <c>split</c> and <c>id</c> of a data set's.</summary>
internal static class ImageForm
{
    /// <summary>Names and options beside the image.</summary>
    private const long MostFieldBytes = 1 << 20;

    /// <summary>Of a whole request.</summary>
    public static long MostBytes => SegmentRequest.Limits.MaxFileBytes + MostFieldBytes;

    /// <summary>Uploads that are held in memory at a time; others wait on disk, where the server has put them.</summary>
    private static readonly SemaphoreSlim Held = new(2);

    /// <summary>Says that an address takes such a form, and what it answers where the image is not to be had.</summary>
    /// <param name="others">The fields beside the image.</param>
    public static RouteHandlerBuilder TakesImage(this RouteHandlerBuilder address, params Meaning[] others) => address
        .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
        .TakesForm(
            file: new("image", "The image file: JPEG, PNG, WebP, BMP or GIF. Or give dataset, split and id instead."),
            [
                new("dataset", "A data set's name."), new("split", "The split that lists the image."), new("id", "The image's identifier."),
                .. others,
            ])
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="prepare">Reads the other fields, before the image; what it returns is given the image.</param>
    public static async Task<IResult> AnswerAsync(HttpContext context, DatasetBrowser datasets,
        Func<IFormCollection, Func<FormImage, Task<IResult>>> prepare)
    {
        var cancellation = context.RequestAborted;
        if (!context.Request.HasFormContentType)
            return Results.Problem(
                "Send a multipart form with image (or dataset, split and id) and the other fields.",
                statusCode: StatusCodes.Status415UnsupportedMediaType, title: "The request cannot be read");
        if (context.Request.ContentLength > MostBytes)
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

        var answer = prepare(form);
        await Held.WaitAsync(cancellation);
        try
        {
            if (form.Files.GetFile("image") is { } file)
            {
                if (file.Length > SegmentRequest.Limits.MaxFileBytes)
                    return TooLarge();
                // Quoted, the name has no extension to be held against the content: people save pictures under all kinds of names.
                return await answer(new(await ReadAsync(file.OpenReadStream(), file.Length), $"“{file.FileName}”", ImageOrientation.Upright));
            }
            if (string.IsNullOrEmpty(form["dataset"]))
                return Refuse("There is no image: send the file as image, or dataset, split and id of a data set's.");
            if (datasets.Find(form["dataset"].ToString(), form["split"].ToString(), form["id"].ToString()) is not { } sample)
                return Results.Problem($"The split '{form["split"]}' of {form["dataset"]} has no image '{form["id"]}'.",
                    statusCode: StatusCodes.Status404NotFound);
            await using var stored = RegularFile.OpenRead(sample.ImagePath);
            return stored.Length > SegmentRequest.Limits.MaxFileBytes
                ? TooLarge()
                : await answer(
                    new(await ReadAsync(stored, stored.Length), sample.ImagePath, sample.OrientationOf(ImageFile.ReadInfo(sample.ImagePath))));
        }
        catch (ImageException error)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
        finally
        {
            Held.Release();
        }

        async Task<byte[]> ReadAsync(Stream stream, long length)
        {
            var bytes = new byte[length];
            await stream.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }
    }

    private static IResult Refuse(string detail) =>
        Results.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: "The request cannot be read");

    private static IResult TooLarge() => Results.Problem(
        $"The image file has more than {SegmentRequest.Limits.MaxFileBytes >> 20} MB. Scale it down or save it with more compression.",
        statusCode: StatusCodes.Status413PayloadTooLarge, title: "The image is too large");
}
