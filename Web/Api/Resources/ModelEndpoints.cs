using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Document;

namespace Dashboard.Web.Api.Resources;

/// <summary><c>/api/models</c>: list, add, remove, self-test.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this RouteGroupBuilder api)
    {
        api.MapGet("/models", (ModelCatalog catalog) => catalog.List())
            .Describe("All models, those that ship with the project first.");
        api.MapPost("/models", async (ModelCatalog catalog, AllowedRoots roots, Addition addition, CancellationToken cancellation) =>
        {
            RequireAllowed(roots, "path", addition.Path);
            if (addition.Vocabulary is { } vocabulary)
                RequireAllowed(roots, "vocabulary", vocabulary);
            // Reads the whole file: not on a thread that answers others.
            var model =
                await Task.Run(() => catalog.Add(addition.Path, addition.Name, addition.Vocabulary, ActivationName.Parse(addition.Activation),
                    cancellation: cancellation), cancellation);
            return Results.Created($"/api/models/{model.Name}", model);
        })
            .Describe("Reads a model to its last byte and gives it a name; the file stays where it is.")
            .Produces<PretrainedModel>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapDelete("/models/{name}", (ModelCatalog catalog, IRunStore store, string name) =>
        {
            catalog.Remove(name);
            return new Removal(ModelUse.Of(store.Runs.Select(run => run.Spec), name));
        })
            .Describe("Forgets a model's name and tells which runs name it; the file stays as it is.", Name)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapPost("/models/{name}/test", (ModelCatalog catalog, InferenceClient inference, string name, CancellationToken cancellation) =>
        {
            // Names only: a path could lie outside the allowed folders.
            if (!catalog.List().Any(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw new ModelException($"There is no model '{name}'. GET /api/models lists those there are.");
            return inference.AskAsync(new SelfTestRequest(name), cancellation);
        })
            .Describe("Loads a model and checks that it computes what such a model should.", Name)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static readonly Meaning Name = new("name", "The model's name.");

    private static void RequireAllowed(AllowedRoots roots, string name, string path)
    {
        if (roots.Refuse(path) is { } refused)
            throw new ModelException($"{name}: {refused}");
    }

    /// <param name="Name">Null: the file's or folder's.</param>
    /// <param name="Vocabulary">Null: what lies beside the model.</param>
    /// <param name="Activation">"quickgelu" or "gelu", for a CLIP whose file does not tell.</param>
    internal sealed record Addition(string Path, string? Name = null, string? Vocabulary = null, string? Activation = null);

    /// <param name="Runs">Those that name the removed model.</param>
    internal sealed record Removal(IReadOnlyList<string> Runs);
}
