using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Api.Document;

namespace Dashboard.Web.Api.Runs;

/// <summary><c>/api/runs/{id}/labels</c>: what people call a run and note about it.</summary>
internal static class LabelEndpoints
{
    public static void MapLabels(this RouteGroupBuilder api)
    {
        api.MapGet("/runs/{id}/labels", (IRunStore store, string id) =>
            store.Folder(id) is { } folder ? Results.Ok(RunLabelsFile.Read(folder)) : RunEndpoints.Unknown(id))
            .Describe("The name, tags, star and notes that people have given a run.", RunEndpoints.Id)
            .Produces<RunLabels>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPatch("/runs/{id}/labels", (IRunStore store, string id, LabelChange change) =>
            store.Find(id) is null ? RunEndpoints.Unknown(id) : Results.Ok(store.Label(id, change.Of)))
            .Describe("Changes what people call a run and note about it; what the body lacks stays as it is.", RunEndpoints.Id)
            .Produces<RunLabels>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>What is to be changed.</summary>
    /// <param name="Name">Empty: the name that the run was launched with, or its automatic title.</param>
    /// <param name="Tags">All that the run shall have.</param>
    /// <param name="Notes">Markdown.</param>
    internal sealed record LabelChange(string? Name = null, IReadOnlyList<string>? Tags = null, bool? Starred = null, string? Notes = null)
    {
        public RunLabels Of(RunLabels labels) => new()
        {
            Name = Name ?? labels.Name,
            Tags = Tags ?? labels.Tags,
            Starred = Starred ?? labels.Starred,
            Notes = Notes ?? labels.Notes,
        };
    }
}
