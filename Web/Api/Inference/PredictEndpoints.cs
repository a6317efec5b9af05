using Dashboard.Backend.Inference;
using Dashboard.Backend.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Runs;
using Dashboard.Web.Datasets;

namespace Dashboard.Web.Api.Inference;

/// <summary><c>POST /api/runs/{id}/segment</c>: the mask of one image from the segmentation network that a run has trained.</summary>
internal static class PredictEndpoints
{
    public static void MapPredict(this RouteGroupBuilder api) =>
        api.MapPost("/runs/{id}/segment", PredictAsync)
            .Describe("The mask of one image, by the segmentation network that a run of the method segment has trained.", RunEndpoints.Id)
            .TakesImage(
                new("flip", "true or false: whether the mirrored image is looked at, too. Without it: as the run was told."),
                new("crf", "true or false: whether a dense CRF sharpens the mask. Without it: as the run was told."))
            .Produces<PredictReport>();

    private static async Task<IResult> PredictAsync(HttpContext context, string id, IRunStore store, InferenceClient inference,
        DatasetBrowser datasets)
    {
        if (store.Folder(id) is not { } run)
            return RunEndpoints.Unknown(id);
        return await ImageForm.AnswerAsync(context, datasets, form =>
        {
            var (flip, crf) = (Flag(form, "flip"), Flag(form, "crf"));
            return async image =>
                Results.Ok(await inference.AskAsync(new PredictRequest(run.Path, image.Bytes, image.Name, image.Orientation, flip, crf),
                    context.RequestAborted));
        });
    }

    /// <exception cref="InvalidRunException">It is neither true nor false.</exception>
    private static bool? Flag(IFormCollection form, string name) => form[name].ToString() switch
    {
        "" => null,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new InvalidRunException(name, $"{name}: '{text}' is neither true nor false."),
    };
}
