namespace Dashboard.Domain.Segmentation;

/// <summary>One label a pixel, row by row: 0 background, k+1 for class k, 255 ignore.</summary>
public sealed class LabelMap
{
    public const byte Background = 0;
    public const byte Ignore = 255;

    /// <exception cref="ArgumentException">The array's length is not width times height.</exception>
    public LabelMap(int width, int height, byte[] labels)
    {
        if (labels.LongLength != (long)width * height)
            throw new ArgumentException($"A label map of {width}x{height} needs {(long)width * height} labels, not {labels.LongLength}.",
                nameof(labels));
        (Width, Height, Labels) = (width, height, labels);
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary><c>[Height * Width]</c>, row by row.</summary>
    public byte[] Labels { get; }

    public byte this[int x, int y] => Labels[y * Width + x];
}
