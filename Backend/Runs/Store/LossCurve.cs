namespace Dashboard.Backend.Runs.Store;

/// <summary>
/// A loss as small as a row of a list has room for: means over stretches of equally many values, which double in length whenever the room is full.
/// </summary>
public sealed class LossCurve
{
    public const int Points = 48;

    private readonly List<double> _means = [];
    private long _stretch = 1;
    private double _sum;
    private long _count;

    public void Add(double value)
    {
        if (!double.IsFinite(value))
            return;
        (_sum, _count) = (_sum + value, _count + 1);
        if (_count < _stretch)
            return;
        _means.Add(_sum / _count);
        (_sum, _count) = (0, 0);
        if (_means.Count < Points)
            return;
        for (var i = 0; i < Points / 2; i++)
            _means[i] = (_means[2 * i] + _means[2 * i + 1]) / 2;
        _means.RemoveRange(Points / 2, Points / 2);
        _stretch *= 2;
    }

    /// <summary>A letter a stretch, from 'a', the lowest, to 'z', the highest; null where there is no line to draw yet.</summary>
    public string? Letters()
    {
        if (_means.Count < 2)
            return null;
        var (low, high) = (_means.Min(), _means.Max());
        return string.Concat(_means.Select(mean => (char)('a' + (high > low ? (int)Math.Round(25 * (mean - low) / (high - low)) : 12))));
    }
}
