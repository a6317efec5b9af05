using System.Text.Json.Nodes;

namespace Dashboard.Domain.Sweeps;

/// <summary>How a sweep chooses its points.</summary>
public enum SweepSampling
{
    /// <summary>Every value of every axis with every other.</summary>
    Grid,

    Random,

    /// <summary>Evenly over the whole space; see <see cref="SobolSequence"/>.</summary>
    Sobol,
}

/// <summary>A point of a sweep: values by option.</summary>
public sealed record SweepPoint(IReadOnlyDictionary<string, JsonNode> Values)
{
    /// <summary>Equal for equal points.</summary>
    public string Key => string.Join(' ', Values.Select(value => $"{value.Key}={value.Value.ToJsonString()}"));
}

/// <summary>The points of a sweep: the same for the same axes, number and seed.</summary>
public static class SweepSampler
{
    /// <summary>Tries for each point that is wanted: a small space has no more than so many.</summary>
    private const int TriesAPoint = 20;

    /// <param name="count">Null: all of a grid; otherwise at most so many, none twice.</param>
    /// <param name="seed">Of the random choices.</param>
    public static IReadOnlyList<SweepPoint> Points(IReadOnlyList<SweepAxis> axes, SweepSampling sampling, int? count, long seed)
    {
        if (sampling == SweepSampling.Grid)
            return [.. Grid(axes).Take(count ?? int.MaxValue)];
        var sequence = sampling == SweepSampling.Sobol ? new SobolSequence(axes.Count, seed) : null;
        var random = new Random(unchecked((int)(seed ^ (seed >> 32))));
        var wanted = count ?? throw new ArgumentException("Only a grid has an end of its own.", nameof(count));
        return [.. Enumerable.Range(0, TriesAPoint * wanted)
            .Select(i => sequence?.Point(i) ?? [.. axes.Select(_ => random.NextDouble())])
            .Select(shares => new SweepPoint(axes.Zip(shares).ToDictionary(axis => axis.First.Option, axis => axis.First.At(axis.Second))))
            .DistinctBy(point => point.Key).Take(wanted)];
    }

    /// <summary>The number of a grid's points; beyond <see cref="int.MaxValue"/> that.</summary>
    public static int GridSize(IReadOnlyList<SweepAxis> axes) =>
        (int)Math.Min(int.MaxValue, axes.Aggregate(1.0, (product, axis) => product * axis.Grid().Count));

    /// <summary>The last axis changes fastest.</summary>
    private static IEnumerable<SweepPoint> Grid(IReadOnlyList<SweepAxis> axes)
    {
        IEnumerable<IReadOnlyList<(string, JsonNode)>> points = [[]];
        foreach (var axis in axes)
            points = points.SelectMany(point => axis.Grid().Select(value => (IReadOnlyList<(string, JsonNode)>)[.. point, (axis.Option, value)]));
        return points.Select(point => new SweepPoint(point.ToDictionary(value => value.Item1, value => value.Item2)));
    }
}
