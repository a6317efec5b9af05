namespace Dashboard.Backend.Postprocess.RandomWalk;

/// <summary>A step on the grid of positions, in rows and columns.</summary>
public readonly record struct Offset(int Y, int X);

/// <summary>One direction of a pair of positions, seen from its source.</summary>
/// <param name="Destination">From the source; below it or to its right.</param>
/// <param name="Path">Every offset at less than one position from the straight line, the destination first, the source itself last.</param>
public sealed record PairDirection(Offset Destination, IReadOnlyList<Offset> Path);

/// <summary>
/// The pairs of positions that IRN (Ahn et al., CVPR 2019, section 4.4) and PSA (Ahn and Kwak, CVPR 2018, section 3.2) compare: all within a radius
/// of each other, each pair once, and the path Π_ij between the two. As <c>PathIndex</c> of IRN's misc/indexing.py.
/// </summary>
public sealed class PathIndex
{
    /// <param name="radius">γ, in positions: pairs are closer than this. IRN trains with 10 and infers with 5, PSA has 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">A radius below 2, within which there are no pairs.</exception>
    public PathIndex(int radius)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(radius, 2);
        Radius = radius;
        var below = from y in Enumerable.Range(1, radius - 1)
                    from x in Enumerable.Range(1 - radius, 2 * radius - 1)
                    where x * x + y * y < radius * radius
                    select new Offset(y, x);
        Directions =
            [.. Enumerable.Range(1, radius - 1).Select(x => new Offset(0, x)).Concat(below).Select(end => new PairDirection(end, Path(end)))];
        ByPathLength = [.. Directions.GroupBy(direction => direction.Path.Count).OrderBy(group => group.Key).Select(group => group.ToArray())];
    }

    public int Radius { get; }

    /// <summary>Row by row, as PSA lists them: 34 of radius 5, 152 of radius 10.</summary>
    public IReadOnlyList<PairDirection> Directions { get; }

    /// <summary>The same directions by the length of their paths, shortest first: the order of IRN's pairs.</summary>
    public IReadOnlyList<IReadOnlyList<PairDirection>> ByPathLength { get; }

    private static Offset[] Path(Offset end)
    {
        var (left, right, length) = (Math.Min(0, end.X), Math.Max(0, end.X), end.X * end.X + end.Y * end.Y);
        var near = from y in Enumerable.Range(0, end.Y + 1)
                   from x in Enumerable.Range(left, right - left + 1)
                   let across = end.Y * x - end.X * y
                   where across * across < length
                   select new Offset(y, x);
        return [.. near.OrderByDescending(point => Math.Abs(point.Y) + Math.Abs(point.X))];
    }
}
