using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Web.Access;

namespace Dashboard.Web.Api;

/// <summary><c>/api/models</c>: list, add, remove, self-test.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this RouteGroupBuilder api)
    {
        api.MapGet("/models", (ModelCatalog catalog) => catalog.List());
        api.MapPost("/models", async (ModelCatalog catalog, AllowedRoots roots, Addition addition, CancellationToken cancellation) =>
        {
            RequireAllowed(roots, "path", addition.Path);
            if (addition.Vocabulary is { } vocabulary)
                RequireAllowed(roots, "vocabulary", vocabulary);
            // Reads the whole file: not on a thread that answers others.
            var model = await Task.Run(() => catalog.Add(addition.Path, addition.Name, addition.Vocabulary, ActivationName.Parse(addition.Activation), cancellation: cancellation), cancellation);
            return Results.Created($"/api/models/{model.Name}", model);
        });
        api.MapDelete("/models/{name}", (ModelCatalog catalog, IRunStore store, string name) =>
        {
            catalog.Remove(name);
            return new Removal(ModelUse.Of(store.Runs.Select(run => run.Spec), name));
        });
        api.MapPost("/models/{name}/test", (ModelCatalog catalog, InferenceClient inference, string name, CancellationToken cancellation) =>
        {
            // Names only: a path could lie outside the allowed folders.
            if (!catalog.List().Any(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw new ModelException($"There is no model '{name}'. GET /api/models lists those there are.");
            return inference.AskAsync(new SelfTestRequest(name), cancellation);
        });
    }

    private static void RequireAllowed(AllowedRoots roots, string name, string path)
    {
        if (roots.Refuse(path) is { } refused)
            throw new ModelException($"{name}: {refused}");
    }

    /// <param name="Name">Null: the file's or folder's.</param>
    /// <param name="Vocabulary">Null: what lies beside the model.</param>
    /// <param name="Activation">"quickgelu" or "gelu", for a CLIP whose file does not tell.</param>
    private sealed record Addition(string Path, string? Name = null, string? Vocabulary = null, string? Activation = null);

    /// <param name="Runs">Those that name the removed model.</param>
    private sealed record Removal(IReadOnlyList<string> Runs);
}
