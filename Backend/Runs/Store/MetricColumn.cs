namespace Dashboard.Backend.Runs.Store;

/// <summary>One metric of a run: parallel lists of steps, times and values, in the order they were reported.</summary>
public sealed class MetricColumn
{
    private readonly List<long> _steps = [];
    private readonly List<double> _times = [];
    private readonly List<double> _values = [];

    public int Count => _steps.Count;

    /// <summary>In the order they were reported.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>The value that was reported last; null before the first.</summary>
    public double? Last => _values.Count == 0 ? null : _values[^1];

    public void Add(long step, DateTimeOffset time, double value)
    {
        _steps.Add(step);
        _times.Add(time.ToUnixTimeMilliseconds() / 1000.0);
        _values.Add(value);
    }

    /// <summary>Forgets what was reported for steps after <paramref name="step"/>: the run went on from there.</summary>
    public void VoidAfter(long step)
    {
        var kept = Enumerable.Range(0, _steps.Count).Where(i => _steps[i] <= step).ToArray();
        if (kept.Length == _steps.Count)
            return;
        var (steps, times, values) =
            (kept.Select(i => _steps[i]).ToArray(), kept.Select(i => _times[i]).ToArray(), kept.Select(i => _values[i]).ToArray());
        _steps.Clear();
        _times.Clear();
        _values.Clear();
        _steps.AddRange(steps);
        _times.AddRange(times);
        _values.AddRange(values);
    }

    /// <summary>
    /// Thins the points of a range of steps to at most <paramref name="buckets"/> buckets of equally many points, each with minimum,
    /// maximum and last value. Values that are not numbers count for minimum and maximum only where a bucket has nothing else.
    /// </summary>
    public MetricSeries Thin(string run, string metric, long fromStep, long toStep, int buckets)
    {
        var points = Enumerable.Range(0, _steps.Count).Where(i => _steps[i] >= fromStep && _steps[i] <= toStep).ToArray();
        var count = Math.Min(points.Length, Math.Max(1, buckets));
        var (steps, times, last, min, max) = (new long[count], new double[count], new double[count], new double[count], new double[count]);
        for (var bucket = 0; bucket < count; bucket++)
        {
            var (start, end) = ((int)((long)points.Length * bucket / count), (int)((long)points.Length * (bucket + 1) / count));
            (min[bucket], max[bucket]) = (double.NaN, double.NaN);
            for (var i = start; i < end; i++)
            {
                var value = _values[points[i]];
                // Written so that the first number replaces the NaN that a bucket begins with.
                if (!(value >= min[bucket]) && !double.IsNaN(value))
                    min[bucket] = value;
                if (!(value <= max[bucket]) && !double.IsNaN(value))
                    max[bucket] = value;
            }
            (steps[bucket], times[bucket], last[bucket]) = (_steps[points[end - 1]], _times[points[end - 1]], _values[points[end - 1]]);
        }
        return new MetricSeries(run, metric, steps, times, last, min, max, points.Length);
    }
}
