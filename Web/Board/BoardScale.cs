using System.Globalization;

namespace Dashboard.Web.Board;

/// <summary>The axis that all bars of a protocol share: from just below the lowest to just above the highest of what is drawn.</summary>
/// <param name="Low">0..1.</param>
/// <param name="High">0..1.</param>
public sealed record BoardScale(double Low, double High)
{
    /// <summary>Pixels.</summary>
    public const int Width = 176;

    private const int Margin = 5;
    private const double Step = 0.05;

    public static BoardScale Of(IEnumerable<BoardPlace> places)
    {
        double[] ends = [.. places.SelectMany(place => place.Rows
            .SelectMany(row => new[] { row.Miou, row.Evaluation?.Interval?.Low ?? row.Miou, row.Evaluation?.Interval?.High ?? row.Miou }))
            .Concat(places.Select(place => place.Figures.Lowest))
            .Where(double.IsFinite)];
        if (ends.Length == 0)
            return new(0, 1);
        var (low, high) = (Math.Floor(ends.Min() / Step) * Step, Math.Ceiling(ends.Max() / Step) * Step);
        return new(Math.Max(0, low), Math.Min(1, Math.Max(high, low + Step)));
    }

    /// <summary>Where a value lies, in pixels, as SVG has it.</summary>
    public string At(double value) => (Margin + (Width - 2 * Margin) * Math.Clamp((value - Low) / (High - Low), 0, 1))
        .ToString("0.#", CultureInfo.InvariantCulture);
}
