using Dashboard.Domain.Methods;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>
/// The limits of the names in a request, before anything is looked up by them: every page and every message that shows a run shows them.
/// </summary>
public static class RequestLimits
{
    /// <summary>Characters of a run's name, and of what it names.</summary>
    public const int LongestName = 200;

    /// <summary>As long as Linux allows a path to be.</summary>
    private const int LongestPath = 4096;

    /// <summary>Also finds what a request that came as JSON lacks.</summary>
    public static IEnumerable<OptionFailure> Faults(RunRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Method))
            yield return new("method", "method: name one.");
        foreach (var (option, text, longest) in new[]
        {
            ("method", request.Method, LongestName), ("dataset", request.Dataset, LongestPath), ("preset", request.Preset, LongestName),
            ("device", request.Device, LongestName),
            ("name", request.Name, LongestName), ("group", request.Group, LongestName),
        })
            if (text?.Length > longest)
                yield return new(option, $"{option}: it has {text.Length} characters; at most {longest} are allowed. Shorten it.");
        foreach (var (role, run) in request.Inputs ?? new Dictionary<string, string>())
            if (role.Length > LongestName || run is null || run.Length > LongestName)
                yield return new("inputs", $"inputs: give for each role the identifier of a run, of at most {LongestName} characters.");
        foreach (var option in request.Options?.Select(option => option.Key).Where(name => name.Length > LongestName) ?? [])
            yield return new("options", $"options: '{option[..40]} ...' is not an option: its name has {option.Length} characters.");
    }
}
