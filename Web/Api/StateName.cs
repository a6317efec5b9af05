using Dashboard.Domain.Runs;

namespace Dashboard.Web.Api;

/// <summary>A run's state in an address, as the API's answers spell it, in any case.</summary>
internal readonly record struct StateName(RunState State)
{
    /// <summary>Called by ASP.NET. A number is no name.</summary>
    public static bool TryParse(string? text, out StateName name)
    {
        var known = Enum.GetValues<RunState>().Where(state => state.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).ToList();
        name = known.Count == 1
            ? new(known[0])
            : throw new BadHttpRequestException($"state: '{Shown.Text(text ?? "")}' is none of {string.Join(", ", Enum.GetNames<RunState>().Select(state => state.ToLowerInvariant()))}.");
        return true;
    }
}
