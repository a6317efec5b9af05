using System.Numerics;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>
/// A label map that outlines are drawn on, pixel by pixel as COCO's own tools draw them. A pixel keeps the first label that it gets.
/// </summary>
/// <param name="width">In pixels; so is <paramref name="height"/>.</param>
public sealed class InstanceCanvas(int width, int height)
{
    /// <summary>COCO's tools walk along an outline in steps of one fifth of a pixel.</summary>
    private const int Scale = 5;

    /// <summary>Farther out nothing can be meant; five times this still is a whole number of 32 bits.</summary>
    private const double FarthestCoordinate = 1e6;

    /// <summary>Of all outlines of an image: some 20 million pixels of them, and less than a second.</summary>
    private const long MostSteps = 100_000_000;

    private readonly byte[] _labels = new byte[(long)width * height];

    /// <summary>One bit a pixel, column by column: whether an outline crosses above it. One more at the end.</summary>
    private readonly ulong[] _crossings = new ulong[((long)width * height >> 6) + 1];

    private int _firstWord = int.MaxValue;
    private int _lastWord = -1;
    private long _steps;
    private int _lastU;
    private int _lastV;
    private bool _hasLast;

    public LabelMap Labels => new(width, height, _labels);

    /// <summary>
    /// Fills a closed polygon. Corners are rounded to fifths of a pixel, edges are walked in steps of that, and where a walk enters the middle fifth
    /// of a column it crosses the column at the next whole row below; a pixel is inside after an odd number of crossings in column order.
    /// </summary>
    /// <param name="corners">x, y, x, y, ... in pixels, 0 at the left and upper edge.</param>
    /// <exception cref="ImageException">
    /// A corner is out of reach, or the outline is longer than anybody draws. The message goes on after the annotation's name.
    /// </exception>
    public void FillPolygon(ReadOnlySpan<double> corners, byte label)
    {
        foreach (var coordinate in corners)
            if (!(Math.Abs(coordinate) <= FarthestCoordinate))
                throw new ImageException($"has a corner at {coordinate}");
        _hasLast = false;
        for (var i = 0; i < corners.Length; i += 2)
        {
            var j = i + 2 < corners.Length ? i + 2 : 0;
            Walk(Fifths(corners[i]), Fifths(corners[i + 1]), Fifths(corners[j]), Fifths(corners[j + 1]));
        }
        FillBetweenCrossings(label);
    }

    /// <param name="runs">As <see cref="RunLengths"/>.</param>
    /// <exception cref="ImageException">They do not cover the image exactly. The message goes on after the annotation's name.</exception>
    public void FillRuns(IReadOnlyList<long> runs, byte label)
    {
        var covered = runs.Sum();
        if (covered != _labels.LongLength)
            throw new ImageException($"has runs for {covered} pixels, but its image has {width}x{height}");
        var at = 0L;
        for (var i = 0; i < runs.Count; i++)
        {
            if (i % 2 == 1)
                Fill(at, at + runs[i], label);
            at += runs[i];
        }
    }

    private static int Fifths(double coordinate) => (int)(Scale * coordinate + 0.5);

    /// <summary>
    /// Along the longer side in steps of one, always computed from the edge's left or upper end, so that both directions give the same points.
    /// </summary>
    private void Walk(int fromX, int fromY, int toX, int toY)
    {
        var (dx, dy) = (Math.Abs(toX - fromX), Math.Abs(toY - fromY));
        var isFlat = dx >= dy;
        var steps = isFlat ? dx : dy;
        _steps += steps + 1;
        if (_steps > MostSteps)
            throw new ImageException($"makes the outlines of its image longer than {MostSteps / Scale:N0} pixels");
        var isBackward = isFlat ? fromX > toX : fromY > toY;
        var (startX, startY, endX, endY) = isBackward ? (toX, toY, fromX, fromY) : (fromX, fromY, toX, toY);
        var slope = steps == 0 ? 0 : isFlat ? (double)(endY - startY) / dx : (double)(endX - startX) / dy;
        for (var step = 0; step <= steps; step++)
        {
            var t = isBackward ? steps - step : step;
            if (isFlat)
                Visit(startX + t, (int)(startY + slope * t + 0.5));
            else
                Visit((int)(startX + slope * t + 0.5), startY + t);
        }
    }

    /// <param name="u">In fifths of a pixel; so is <paramref name="v"/>.</param>
    private void Visit(int u, int v)
    {
        if (_hasLast && u != _lastU)
        {
            // The column whose middle lies between the two points.
            var left = u < _lastU ? u : u - 1;
            if (left >= 0 && left % Scale == Scale / 2 && left / Scale < width)
            {
                var row = Math.Ceiling(Math.Clamp((Math.Min(v, _lastV) + 0.5) / Scale - 0.5, 0, height));
                var pixel = (long)(left / Scale) * height + (long)row;
                var word = (int)(pixel >> 6);
                _crossings[word] ^= 1UL << (int)(pixel & 63);
                (_firstWord, _lastWord) = (Math.Min(_firstWord, word), Math.Max(_lastWord, word));
            }
        }
        (_lastU, _lastV, _hasLast) = (u, v, true);
    }

    private void FillBetweenCrossings(byte label)
    {
        var start = -1L;
        for (var word = _firstWord; word <= _lastWord; word++)
        {
            for (var bits = _crossings[word]; bits != 0; bits &= bits - 1)
            {
                var pixel = ((long)word << 6) + BitOperations.TrailingZeroCount(bits);
                if (start < 0)
                    start = pixel;
                else
                {
                    Fill(start, pixel, label);
                    start = -1;
                }
            }
            _crossings[word] = 0;
        }
        (_firstWord, _lastWord) = (int.MaxValue, -1);
        if (start >= 0)
            Fill(start, _labels.LongLength, label);
    }

    /// <summary>Pixels in column order, from the first up to the second.</summary>
    private void Fill(long from, long to, byte label)
    {
        var (x, y) = (from / height, from % height);
        for (var pixel = from; pixel < to; pixel++)
        {
            ref var at = ref _labels[y * width + x];
            if (at == LabelMap.Background)
                at = label;
            if (++y == height)
                (x, y) = (x + 1, 0);
        }
    }
}
