using System.Globalization;

namespace Dashboard.Web.Launch;

/// <summary>Seeds as a person types them: "0", "0-2", "3, 5, 7-9". Each is a run of its own.</summary>
public static class SeedList
{
    /// <summary>More runs than these are rather a slip of the hand than a wish.</summary>
    public const int Most = 32;

    /// <summary>In the order in which they were typed, each once.</summary>
    /// <returns>Empty, with a message that names the field, where they cannot be read.</returns>
    public static IReadOnlyList<long> Read(string text, out string? error)
    {
        var seeds = new List<long>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!TryRange(part, out var first, out var last))
                return Fail($"seed: '{text}' is not a whole number of at least 0, nor several such as 0-2 or 1, 5, 9.", out error);
            if (last - first >= Most || seeds.Count + (last - first) >= Most)
                return Fail($"seed: '{text}' would be more than {Most} runs. Launch them in several parts.", out error);
            // Not up to the last seed itself: beyond the greatest there is none to stop at.
            for (var offset = 0L; offset <= last - first; offset++)
                if (!seeds.Contains(first + offset))
                    seeds.Add(first + offset);
        }
        error = null;
        return seeds;
    }

    private static bool TryRange(string part, out long first, out long last)
    {
        var ends = part.Split('-', StringSplitOptions.TrimEntries);
        var isFirst = TrySeed(ends[0], out first);
        last = first;
        return isFirst && (ends.Length == 1 || (ends.Length == 2 && TrySeed(ends[1], out last) && last >= first));
    }

    private static bool TrySeed(string text, out long seed) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);

    private static IReadOnlyList<long> Fail(string message, out string? error)
    {
        error = message;
        return [];
    }
}
