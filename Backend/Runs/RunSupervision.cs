using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>What a run owes, itself or by the runs that it starts from, to more than image tags.</summary>
public static class RunSupervision
{
    /// <summary>The strongest first: a number is ranked among those that had the most.</summary>
    private static readonly string[] Strength = [Protocol.TruthMasks, Protocol.TagsAndSaliency, Protocol.TagsAndComputedSaliency];

    /// <returns>As <see cref="Protocol.Supervision"/>; null where image tags are all.</returns>
    public static string? Of(RunContext context)
    {
        var (found, seen, left) = (new HashSet<string>(), new HashSet<string>(), new Queue<RunSpec>([context.Spec]));
        while (left.TryDequeue(out var spec))
        {
            if (OptionsOf(spec)?.Supervision is { } own)
                found.Add(own);
            foreach (var run in spec.Inputs.Values.Where(seen.Add).Select(context.Data.Run).Where(run => File.Exists(run.Spec)))
                left.Enqueue(run.ReadSpec());
        }
        return Strength.FirstOrDefault(found.Contains);
    }

    private static MethodOptions? OptionsOf(RunSpec spec)
    {
        if (MethodCatalog.Find(spec.Method) is not { } method)
            return null;
        method.Schema.Read(spec.Options, out var options);
        return options;
    }
}
