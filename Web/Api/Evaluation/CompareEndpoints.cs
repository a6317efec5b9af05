using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Pictures;
using Dashboard.Backend.Runs.Database;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Compare;

namespace Dashboard.Web.Api.Evaluation;

/// <summary>
/// <c>/api/compare</c>: what the Compare page draws from. <c>{run}</c> names the data set and split; <c>{kind}</c> is maps, masks or truth.
/// The soft maps and label maps themselves lie under <see cref="Runs.RunFileEndpoints"/>. What depends on a finished run alone never changes.
/// </summary>
internal static class CompareEndpoints
{
    /// <summary>Long side of the image behind the maps, pixels.</summary>
    private const int LargeSide = 1600;

    private const string Forever = "private, max-age=31536000, immutable";
    private const string OneHour = "private, max-age=3600";

    public static void MapCompare(this RouteGroupBuilder api)
    {
        api.MapGet("/compare/sources", (CompareCatalog catalog) => catalog.Sources().Select(source =>
            new Source(source.Key.ToString(), source.Name, source.Images.Dataset, source.Images.Split, source.Threshold, source.Evaluation?.Miou)))
            .Describe("What can be laid side by side: the soft maps and label maps of finished runs.");
        api.MapGet("/compare/disagreement", CompareDisagreement)
            .Describe(
                "The share of pixels on which two sources disagree, image by image, highest first.",
                new("a", "A source's key."),
                new("b", "Another on the same images, or the key of the ground truth."),
                new("thresholdA", "The score at which a soft map of a becomes a label, 0 to 1. Without it: the best one."),
                new("thresholdB", "The same for b."))
            .Produces<IEnumerable<Disagreement>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/compare/{run}/images/{*id}",
            (HttpContext context, CompareCatalog catalog, string run, RestOfPath rest) => WithSample(catalog, run, rest.Text, (_, sample) =>
            Picture(context, OneHour, "image/jpeg", sample.ImagePath, () => Pictures.EncodeJpeg(sample.ReadReduced(LargeSide)))))
            .DescribePicture("An image of the data set that a run was evaluated on.", "image/jpeg");
        api.MapGet("/compare/{run}/truth/{*id}",
            (HttpContext context, CompareCatalog catalog, string run, RestOfPath rest) => WithSample(catalog, run, rest.Text, (_, sample) =>
            Picture(context, OneHour, "image/png", sample.MaskPath, () => ImageFile.EncodeLabels(sample.ReadTruth()))))
            .DescribePicture("Its ground truth: an indexed PNG of labels.", "image/png");
        api.MapGet("/compare/{run}/thumbnails/{source}/{*id}",
            (HttpContext context, CompareCatalog catalog, CompareScores scores, Thumbnails thumbnails, string run, string source, RestOfPath rest,
            double? threshold) =>
            WithSample(catalog, run, rest.Text, (images, sample) => SourceKey.Parse(source) is not { } key ? NoSource(source) :
                Picture(
                    context, key.Kind == SourceKind.Truth ? OneHour : Forever, "image/jpeg", sample.ImagePath,
                    () => thumbnails.Make(images, key, sample, QueryValue.Fraction(nameof(threshold), threshold) ?? scores.Threshold(key)))))
            .DescribePicture("A small picture of the image under a source's labels.", "image/jpeg", SourceOf, ThresholdOf);
        api.MapGet("/compare/{source}/scores",
            (HttpContext context, CompareCatalog catalog, CompareScores scores, string source, double? threshold) =>
            WithScores(context, catalog, scores, source, threshold, (labels, split) => new Scores(
                split.Threshold,
                split.Total.MeanIou,
                labels,
                split.Ids.Zip(split.Confusions, (id, confusion) => new ImageScore(
                    id, confusion.MeanIou(labels.Count), confusion.Cells.Select(cell => new[] { cell.Truth, cell.Prediction, cell.Count }))))))
            .DescribeScores<Scores>("A source's mIoU at a threshold, and every image's.");
        api.MapGet("/compare/{source}/confusion",
            (HttpContext context, CompareCatalog catalog, CompareScores scores, string source, double? threshold) =>
            WithScores(context, catalog, scores, source, threshold, (labels, split) => new Confusion(
                split.Threshold,
                labels,
                Enumerable.Range(0, labels.Count)
                    .Select(truth => Enumerable.Range(0, labels.Count).Select(prediction => split.Total[truth, prediction])),
                split.Total.PerClassIou)))
            .DescribeScores<Confusion>("A source's confusion matrix and per-class IoU at a threshold.");
        api.MapGet("/compare/{source}/confusion/{truth:int}/{prediction:int}",
            (HttpContext context, CompareCatalog catalog, CompareScores scores, string source, int truth, int prediction, double? threshold) =>
            WithScores(context, catalog, scores, source, threshold, (_, split) => split.Ids
                .Zip(split.Confusions, (id, confusion) => new ImagePixels(id, confusion.Pixels(truth, prediction)))
                .Where(image => image.Pixels > 0)
                .OrderByDescending(image => image.Pixels)))
            .DescribeScores<IEnumerable<ImagePixels>>(
                "The images behind one cell of the confusion matrix, most pixels first.",
                new("truth", "The true label, 0 the background."),
                new("prediction", "The predicted label."));
    }

    private static readonly Meaning SourceOf = new("source", "A source's key, as GET /api/compare/sources gives it.");
    private static readonly Meaning ThresholdOf = new(
        "threshold", "The score at which a soft map becomes a label, 0 to 1; the nearest swept one counts. Without it: the source's best.");

    private static void DescribePicture(this RouteHandlerBuilder address, string summary, string type, params Meaning[] more) => address
        .Describe(
            summary, [new("run", "A run that was evaluated on the image's split, or a source's key."), new("id", "The image's identifier."), .. more])
        .ProducesFile(type)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static void DescribeScores<T>(this RouteHandlerBuilder address, string summary, params Meaning[] more) => address
        .Describe(summary, [SourceOf, .. more, ThresholdOf])
        .Produces<T>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static IResult CompareDisagreement(HttpContext context, CompareCatalog catalog, CompareScores scores, string a, string b,
        double? thresholdA, double? thresholdB)
    {
        if (Find(catalog, a) is not { } first)
            return NoSource(a);
        if (SourceKey.Parse(b) is not { } second || (second.Kind != SourceKind.Truth && catalog.Find(second)?.Images != first.Images))
            return Results.Problem($"b: '{b}' is neither truth nor a source on the images of '{a}'. GET /api/compare/sources lists all.",
                statusCode: StatusCodes.Status404NotFound);
        QueryValue.Fraction(nameof(thresholdA), thresholdA);
        QueryValue.Fraction(nameof(thresholdB), thresholdB);
        context.Response.Headers.CacheControl = second.Kind == SourceKind.Truth ? OneHour : Forever;
        return Results.Ok(
            scores.Disagreement(first.Images, first.Key, thresholdA ?? scores.Threshold(first.Key), second, thresholdB ?? scores.Threshold(second))
            .OrderByDescending(image => image.Value)
            .Select(image => new Disagreement(image.Key, image.Value)));
    }

    private static IResult WithScores<T>(HttpContext context, CompareCatalog catalog, CompareScores scores, string source, double? threshold,
        Func<IReadOnlyList<string>, SplitConfusion, T> answer)
    {
        if (Find(catalog, source) is not { } found)
            return NoSource(source);
        try
        {
            var split = scores.At(found, QueryValue.Fraction(nameof(threshold), threshold));
            context.Response.Headers.CacheControl = Forever;
            return Results.Ok(answer(catalog.Dataset(found.Images).Classes.LabelNames, split));
        }
        catch (InvalidDataException error)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status422UnprocessableEntity, title: "The source cannot be scored");
        }
    }

    private static IResult WithSample(CompareCatalog catalog, string run, string id, Func<CompareSplit, Sample, IResult> answer)
    {
        if (Find(catalog, run) is not { } source)
            return NoSource(run);
        return catalog.Sample(source.Images, id) is { } sample
            ? answer(source.Images, sample)
            : Results.Problem($"The split {source.Images.Split} of {source.Images.Dataset} has no image '{id}'.",
                statusCode: StatusCodes.Status404NotFound);
    }

    /// <summary>Only files that the data set or the run itself lists: nothing of a path comes from the request.</summary>
    private static IResult Picture(HttpContext context, string cached, string type, string? path, Func<byte[]> encode)
    {
        if (path is null || !File.Exists(path))
            return Results.Problem("The data set lists no such file, or it is missing.", statusCode: StatusCodes.Status404NotFound);
        try
        {
            using var memory = ImageMemory.Shared.Open();
            var bytes = encode();
            context.Response.Headers.CacheControl = cached;
            return Results.Bytes(bytes, type, lastModified: File.GetLastWriteTimeUtc(path));
        }
        catch (Exception error) when (error is ImageException or InvalidDataException or FileNotFoundException)
        {
            return Results.Problem(error.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static CompareSource? Find(CompareCatalog catalog, string source) =>
        SourceKey.Parse(source) is { Kind: not SourceKind.Truth } key ? catalog.Find(key) : catalog.FindRun(source);

    private static IResult NoSource(string source) =>
        Results.Problem($"No finished run has '{Shown.Text(source)}'. GET /api/compare/sources lists all.", statusCode: StatusCodes.Status404NotFound,
            title: "No such source");

    private sealed record Source(string Key, string Name, string Dataset, string Split, double? Threshold, double? Miou);

    internal sealed record Scores(double? Threshold, double? Miou, IReadOnlyList<string> Labels, IEnumerable<ImageScore> Images);

    /// <param name="Cells">Each a true label, a predicted label and the pixels that have them.</param>
    internal sealed record ImageScore(string Id, double Miou, IEnumerable<long[]> Cells);

    /// <param name="Pixels">A row for every true label, a column for every predicted one.</param>
    /// <param name="PerClassIou">Null where a class occurs nowhere.</param>
    internal sealed record Confusion(
        double? Threshold, IReadOnlyList<string> Labels, IEnumerable<IEnumerable<long>> Pixels, IReadOnlyList<double?> PerClassIou);

    private sealed record ImagePixels(string Id, long Pixels);

    /// <param name="Share">Of the image's pixels, 0 to 1.</param>
    internal sealed record Disagreement(string Id, double Share);
}
