namespace Dashboard.Backend.Postprocess.RandomWalk;

/// <summary>
/// The positions of a grid from which every direction of a <see cref="PathIndex"/> stays inside: all but a margin of radius - 1 at the left, the
/// right and the bottom. In a grid too small for that there are none.
/// </summary>
public sealed record PairGrid(int Radius, int Width, int Height)
{
    /// <summary>Rows of sources.</summary>
    public int Rows => Math.Max(0, Height - Margin);

    /// <summary>Sources of a row.</summary>
    public int Columns => Math.Max(0, Width - 2 * Margin);

    /// <summary>Positions left of the first source, right of the last one, and below them.</summary>
    public int Margin => Radius - 1;

    /// <summary>The positions y * Width + x at an offset from each source, row by row; the sources themselves at (0, 0).</summary>
    public int[] At(Offset offset)
    {
        var (columns, positions) = (Columns, new int[Rows * Columns]);
        for (var i = 0; i < positions.Length; i++)
            positions[i] = (i / columns + offset.Y) * Width + Margin + i % columns + offset.X;
        return positions;
    }
}
