using Dashboard.Backend.Inference;
using Dashboard.Backend.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Api.Runs;
using Dashboard.Web.Datasets;

namespace Dashboard.Web.Api.Inference;

/// <summary><c>POST /api/runs/{id}/activations</c>: what the network of a CAM or CLIMS run sees in one image.</summary>
internal static class ActivationsEndpoints
{
    public static void MapActivations(this RouteGroupBuilder api) =>
        api.MapPost("/runs/{id}/activations", AnswerAsync)
            .Describe("The class activation maps of one image, by the network that a run of cam or clims has trained.", RunEndpoints.Id)
            .TakesImage(
                new Meaning("classes", "Names of the classes whose maps are wanted, separated by commas. Without it: those that the network finds."))
            .Produces<ActivationsReport>();

    private static async Task<IResult> AnswerAsync(HttpContext context, string id, IRunStore store, InferenceClient inference,
        DatasetBrowser datasets)
    {
        if (store.Folder(id) is not { } run || store.Find(id) is not { } summary)
            return RunEndpoints.Unknown(id);
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
