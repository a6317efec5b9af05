using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;

namespace Dashboard.Web.Launch;

/// <summary>Queues the runs of a method's ablation: the same request, data, seed and start for all, the weights of what a run leaves out zero.</summary>
public sealed class AblationLaunch(IRunQueue queue, TimeProvider time)
{
    /// <returns>The queued runs, all of one group.</returns>
    /// <exception cref="InvalidRunException">With every failure. Nothing is queued then.</exception>
    public async Task<IReadOnlyList<RunSummary>> SubmitAsync(RunRequest request)
    {
        var method = MethodCatalog.Find(request.Method);
        if (method is null or { Ablation: [] })
            throw new InvalidRunException("method", $"method: '{request.Method}' has no ablation. Methods with one: {string.Join(", ", MethodCatalog.All.Where(known => known.Ablation.Count > 0).Select(known => known.Name))}.");
        var group = $"ablation-{time.GetUtcNow():yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}";
        var runs = new List<RunSummary>();
        foreach (var variant in method.Ablation)
        {
            var options = request.Options?.DeepClone().AsObject() ?? [];
            foreach (var weight in variant.Without)
                options[weight] = JsonValue.Create(0.0);
            // What the first one starts from, all start from.
            runs.Add(await queue.SubmitAsync(request with { Name = variant.Title, Options = options, Group = group, Inputs = runs.Count == 0 ? request.Inputs : runs[0].Spec.Inputs }));
        }
        return runs;
    }
}
