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
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Datasets;

namespace Dashboard.Web.Api.Inference;

/// <summary>
/// <c>POST /api/segment</c>: zero-shot masks of one image. A multipart form: the file <c>image</c>, or <c>dataset</c>, <c>split</c> and <c>id</c> of
/// a data set's; <c>classes</c>, separated by commas; <c>options</c>, a JSON object of <see cref="ZeroShotOptions"/> whose missing values are the
/// defaults. The pixels are decoded by the inference process; here they are bytes.
/// </summary>
internal static class SegmentEndpoints
{
    public static void MapSegment(this RouteGroupBuilder api) =>
        api.MapPost("/segment", SegmentAsync)
            .Describe("Zero-shot masks of one image: of an upload, or of a data set's image.")
            .TakesImage(
                new("classes", "Names of the classes, separated by commas."),
                new("options", "A JSON object of options of the method zeroshot (GET /api/methods/zeroshot); a missing one has its default."))
            .Produces<SegmentReport>();

    private static Task<IResult> SegmentAsync(HttpContext context, InferenceClient inference, DatasetBrowser datasets, AllowedRoots roots) =>
        ImageForm.AnswerAsync(context, datasets, form =>
        {
            var options = Options(form["options"].ToString(), roots);
            var classes = Names(form["classes"].ToString());
            if (ClassSet.Fault(classes) is { } fault)
                throw new InvalidRunException([new("classes", $"classes: {fault}")]);
            return async image =>
                Results.Ok(await inference.AskAsync(new SegmentRequest(image.Bytes, image.Name, image.Orientation, classes, options),
                    context.RequestAborted));
        });

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
        if (failures.Count == 0 && options is ZeroShotOptions { Model: var model } && ModelCatalog.IsPath(model)
            && roots.Refuse(model) is { } refused)
            failures = [new("model", $"model: {refused}")];
        return failures.Count == 0 ? (ZeroShotOptions)options! : throw new InvalidRunException(failures);
    }
}
