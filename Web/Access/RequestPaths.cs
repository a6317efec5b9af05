using System.Text.Json.Nodes;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Access;

/// <summary>Holds the paths in a request against what pages and programs on the network may name.</summary>
public static class RequestPaths
{
    /// <exception cref="InvalidRunException">With every limit that a request breaks and every path that it may not name.</exception>
    public static void Check(AllowedRoots roots, params IEnumerable<RunRequest> requests)
    {
        var failures = new List<OptionFailure>();
        foreach (var request in requests)
        {
            var broken = RequestLimits.Faults(request).ToList();
            failures.AddRange(broken.Count > 0 ? broken : Refused(roots, request));
        }
        if (failures.Count > 0)
            throw new InvalidRunException([.. failures.Distinct()]);
    }

    /// <summary>Paths of the request that may not be named.</summary>
    public static IEnumerable<OptionFailure> Refused(AllowedRoots roots, RunRequest request)
    {
        var dataset = RunDraft.DatasetName(request.Dataset);
        if (Path.IsPathRooted(dataset) && roots.Refuse(dataset) is { } refused)
            yield return new("dataset", $"dataset: {refused}");
        var method = MethodCatalog.Find(request.Method);
        foreach (var field in method?.Schema.Fields.Where(field => field.IsPath || field.IsModel) ?? [])
            if (request.Options?[field.Name] is JsonValue value && value.TryGetValue<string>(out var path)
                && IsPath(field, path) && roots.Refuse(path) is { } reason)
                yield return new(field.Name, $"{field.Name}: {reason}");
    }

    private static bool IsPath(OptionField field, string text) => text != "" && (field.IsPath || ModelCatalog.IsPath(text));
}
