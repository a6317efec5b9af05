using Dashboard.Backend.Inference;
using Dashboard.Backend.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Api.Runs;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web.Api.Inference;

/// <summary><c>POST /api/runs/{id}/activations</c>: what the network of a CAM or CLIMS run sees in one image.</summary>
internal static class ActivationsEndpoints
{
    public static void MapActivations(this RouteGroupBuilder api) =>
        api.MapPost("/runs/{id}/activations", AnswerAsync).WithMetadata(new RequestSizeLimitAttribute(ImageForm.MostBytes))
            .Describe("The class activation maps of one image, by the network that a run of cam or clims has trained.", RunEndpoints.Id)
            .TakesForm(
                file: new("image", "The image file: JPEG, PNG, WebP, BMP or GIF. Or instead of it dataset, split and id."),
                new("dataset", "A data set's name."),
                new("split", "The split that lists the image."),
                new("id", "The image's identifier."),
                new("classes", "Names of the classes whose maps are wanted, separated by commas. Without it: those that the network finds."))
            .Produces<ActivationsReport>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> AnswerAsync(HttpContext context, string id, IRunStore store, InferenceClient inference, DatasetBrowser datasets)
    {
        if (store.Folder(id) is not { } run || store.Find(id) is not { } summary)
            return Results.Problem($"There is no run '{id}'.", statusCode: StatusCodes.Status404NotFound);
        var names = datasets.Open(summary.Spec.Dataset).Classes.Names;
        return await ImageForm.AnswerAsync(context, datasets, form =>
        {
            var classes = Classes(form["classes"].ToString(), names);
            return async image =>
                Results.Ok(await inference.AskAsync(
                    new ActivationsRequest(run.Path, image.Bytes, image.Name, image.Orientation, names, classes), context.RequestAborted));
        });
    }

    /// <returns>Ascending; null where none are named.</returns>
    /// <exception cref="InvalidRunException">The data set has no such class.</exception>
    private static IReadOnlyList<int>? Classes(string text, IReadOnlyList<string> names)
    {
        var wanted = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new InvalidRunException("classes",
                $"classes: the run's data set has no class '{Shown.Text(unknown)}'. It has: {string.Join(", ", names)}.");
        return wanted.Length == 0 ? null : [.. Enumerable.Range(0, names.Count).Where(k => wanted.Contains(names[k]))];
    }
}
