namespace Dashboard.Backend.Postprocess;

/// <summary>
/// Splits a loop over independent items among threads. What an item gives must not depend on the others, so neither does the result on the split.
/// </summary>
internal static class Ranges
{
    private const int RangesPerThread = 4;
    private const int SmallestRange = 1024;

    /// <summary>Runs the body on consecutive ranges [from, to) that cover [start, start + count).</summary>
    public static void Run(int count, int threads, Action<int, int> body, int start = 0)
    {
        var ranges = Math.Min(threads * RangesPerThread, count / SmallestRange);
        if (threads == 1 || ranges < 2)
        {
            body(start, start + count);
            return;
        }

        Each(ranges, threads, range => body(start + (int)((long)count * range / ranges), start + (int)((long)count * (range + 1) / ranges)));
    }

    /// <summary>Runs the body on 0..count-1.</summary>
    public static void Each(int count, int threads, Action<int> body) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
}
