namespace Dashboard.Backend.Evaluation;

/// <summary>Soft class activation maps of one image.</summary>
public sealed class SoftCam
{
    /// <exception cref="ArgumentException">The number of values does not fit.</exception>
    public SoftCam(int width, int height, IReadOnlyList<int> classes, float[] maps)
    {
        if (maps.LongLength != (long)classes.Count * width * height)
            throw new ArgumentException(
                $"{classes.Count} maps of {width}x{height} need {(long)classes.Count * width * height} values, not {maps.LongLength}.", nameof(maps));
        (Width, Height, Classes, Maps) = (width, height, classes, maps);
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>The class of each map, 0-based.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary><c>[Classes.Count, Height, Width]</c>, normalised to 0..1.</summary>
    public float[] Maps { get; }
}
