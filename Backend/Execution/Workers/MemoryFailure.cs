using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Workers;

/// <summary>Tells that memory ran out from other failures, and says which options help.</summary>
public static partial class MemoryFailure
{
    /// <summary>Exit code of a process that was killed by signal 9, as the kernel does when the machine's memory is full.</summary>
    public const int Killed = 137;

    /// <summary>How much is computed at once; the first changes no result, the last is of inference.</summary>
    private static readonly string[] Helping = ["pairsAtOnce", "batchSize", "cropSize", "imageSize", "scales"];

    /// <summary>In every sentence here.</summary>
    private const string RanOut = "ran out of memory";

    /// <summary>Options that are named; more of them would be no help.</summary>
    private const int Named = 2;

    /// <summary>
    /// As .NET says it, libtorch on a GPU ("CUDA out of memory"), or libtorch on the CPU ("DefaultCPUAllocator: can't allocate memory").
    /// </summary>
    public static bool Is(Exception failure) => failure is OutOfMemoryException
        || failure.GetBaseException().Message is var message && (message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase));

    /// <returns>What ran out, what was asked for where that is known, and what to do.</returns>
    public static string Sentence(RunSpec spec, Exception failure)
    {
        var isGpu = spec.Device != "cpu" && !failure.GetBaseException().Message.Contains("CPUAllocator", StringComparison.Ordinal);
        var wanted = Asked(failure.GetBaseException().Message);
        return $"{(isGpu ? $"The GPU {spec.Device}" : "The machine")} {RanOut}"
            + $"{(wanted is null ? "" : $" when {wanted} more were asked for")}. {Help(spec)}";
    }

    /// <summary>Of a worker that has gone without a word, with <see cref="Killed"/>.</summary>
    public static string SentenceOfKilled(RunSpec spec) =>
        $"The system killed the worker, most likely because the machine {RanOut}. {Help(spec)}";

    /// <summary>Whether another process has ended with one of these sentences.</summary>
    public static bool IsSaidBy(string message) => message.Contains(RanOut, StringComparison.Ordinal);

    private static string Help(RunSpec spec)
    {
        var help = Helping.Where(spec.Options.ContainsKey).Select(name => Smaller(name, spec.Options[name])).OfType<string>().Take(Named).ToList();
        return help.Count > 0 ? $"Give {string.Join(" or ", help)}." : "Free some, or take a machine with more.";
    }

    private static string? Smaller(string name, JsonNode? value) => value switch
    {
        JsonArray { Count: > 1 } list => $"fewer or smaller {name} (now {string.Join(", ", list.Select(one => one?.ToString()))})",
        JsonValue number when number.TryGetValue<long>(out var count) =>
            count > 0 ? $"a smaller {name} (now {count})" : $"a {name} (now {count}, which is all)",
        _ => null,
    };

    /// <summary>The size in the message: "Tried to allocate 20.00 MiB", "you tried to allocate 1600000000 bytes".</summary>
    private static string? Asked(string message) => Size().Match(message) is { Success: true } found
        ? found.Groups["unit"].Value == "bytes" && double.TryParse(found.Groups["number"].Value, CultureInfo.InvariantCulture, out var bytes)
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):0.##} GiB")
            : $"{found.Groups["number"].Value} {found.Groups["unit"].Value}"
        : null;

    [GeneratedRegex(@"[Tt]ried to allocate (?<number>[0-9.]+) (?<unit>[KMGT]iB|bytes)")]
    private static partial Regex Size();
}
