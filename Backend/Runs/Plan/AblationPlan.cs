using System.Text.Json.Nodes;
using Dashboard.Domain.Methods;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>The runs of a method's ablation: the same request, data, seed and start for all, the weights of what a run leaves out zero.</summary>
public static class AblationPlan
{
    /// <returns>All of one group.</returns>
    /// <exception cref="InvalidRunException">The method has none.</exception>
    public static IReadOnlyList<WantedRun> Of(RunRequest request, TimeProvider time)
    {
        var method = MethodCatalog.Find(request.Method);
        if (method is null or { Ablation: [] })
            throw new InvalidRunException("method",
                $"method: '{request.Method}' has no ablation. Methods with one: "
                + $"{string.Join(", ", MethodCatalog.All.Where(known => known.Ablation.Count > 0).Select(known => known.Name))}.");
        var group = PipelineRecord.NewGroup("ablation", time);
        return [.. method.Ablation.Select(variant =>
            new WantedRun(request with { Name = variant.Title, Group = group, Options = Without(variant, request.Options) }))];
    }

    private static JsonObject Without(AblationVariant variant, JsonObject? given)
    {
        var options = given?.DeepClone().AsObject() ?? [];
        foreach (var weight in variant.Without)
            options[weight] = JsonValue.Create(0.0);
        return options;
    }
}
