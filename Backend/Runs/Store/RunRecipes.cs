using System.Collections.Concurrent;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Store;

/// <summary>What runs were made by, seeds apart: equal for runs of the same settings that start from runs of the same settings.</summary>
internal sealed class RunRecipes(DataFolder data)
{
    /// <summary>Longer than any chain of runs; a circle that somebody has written by hand ends here.</summary>
    private const int Deepest = 16;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    public string Of(RunSpec spec) => Of(spec, 0);

    private string Of(RunSpec spec, int depth) => _known.TryGetValue(spec.Id, out var known)
        ? known
        : _known[spec.Id] = spec.Recipe(input => depth < Deepest ? OfInput(input, depth + 1) : "");

    /// <summary>Nothing of one that was deleted.</summary>
    private string OfInput(string id, int depth)
    {
        if (_known.TryGetValue(id, out var known))
            return known;
        try
        {
            return Of(data.Run(id).ReadSpec() with { Id = id }, depth);
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }
}
