using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>
/// Finds the largest batch that fits, by dry runs: memory grows in a straight line with the batch, so that two small ones tell about where a large
/// one ends. What would exceed the limit is not tried: a machine whose memory is full may kill anyone's process.
/// </summary>
/// <param name="measure">Executes one batch of that size; null where it did not fit.</param>
/// <param name="limit">Bytes that may be used.</param>
public sealed class BatchFit(Func<int, Task<DryRunReport?>> measure, long limit)
{
    /// <summary>A batch so much larger than the last one that its memory is not foretold any more.</summary>
    private const int Leap = 4;

    /// <param name="most">That the option allows. More than there are images make no sense: one at a time, they are the steps of an epoch.</param>
    /// <returns>The largest batch that fits and its report, exact to one part in sixteen; null where not even one image does.</returns>
    public async Task<(int Batch, DryRunReport Report)?> FindAsync(int most)
    {
        List<(int Batch, DryRunReport Report)> fitting = [];
        int? tooLarge = null;
        for (var batch = 1; batch > 0; batch = Next(fitting, tooLarge, most))
            if (await measure(batch).ConfigureAwait(false) is { } report && Memory(report) <= limit)
            {
                fitting.Add((batch, report));
                if (batch == 1)
                    most = Math.Min(most, report.StepsPerEpoch ?? most);
            }
            else
                tooLarge = batch;
        return fitting.Count > 0 ? fitting[^1] : null;
    }

    /// <returns>0 where there is none left to be tried.</returns>
    private int Next(List<(int Batch, DryRunReport Report)> fitting, int? tooLarge, int most)
    {
        if (fitting is not [.., var (largest, _)])
            return 0;
        var foretold = fitting.Count > 1 ? Foretold(fitting[^2], fitting[^1]) : 2;
        var next = (int)Math.Min(foretold, Math.Min((long)Leap * largest, most));
        if (next >= tooLarge)
            next = (largest + tooLarge.Value) / 2;
        return next - largest > largest / 16 ? next : 0;
    }

    /// <summary>The batch at which the limit is reached, if memory goes on as it did; a real number, for it may be beyond all whole ones.</summary>
    private double Foretold((int Batch, DryRunReport Report) smaller, (int Batch, DryRunReport Report) larger)
    {
        var perImage = (double)(Memory(larger.Report) - Memory(smaller.Report)) / (larger.Batch - smaller.Batch);
        return perImage > 0 ? larger.Batch + (limit - Memory(larger.Report)) / perImage : double.PositiveInfinity;
    }

    private static long Memory(DryRunReport report) => report.DeviceMemoryBytes ?? report.MemoryBytes;
}
