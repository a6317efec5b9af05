using System.Numerics;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>A square image under way, with the maps that only its painter can know. All arrays are <c>[Size * Size]</c>, row by row.</summary>
internal sealed class Canvas(int size)
{
    public int Size { get; } = size;

    /// <summary>RGB, about 0..1.</summary>
    public Vector3[] Colors { get; } = new Vector3[size * size];

    /// <summary>0 background, k+1 an object of class k.</summary>
    public byte[] Labels { get; } = new byte[size * size];

    /// <summary>1 on the part of an object that tells its class (chevron cab, sail, saddle, ...).</summary>
    public byte[] Parts { get; } = new byte[size * size];

    /// <summary>k+1 where the stuff of class k can be seen.</summary>
    public byte[] Stuff { get; } = new byte[size * size];

    /// <summary>The words of the objects' body colours, in painting order.</summary>
    public List<string> ColorWords { get; } = [];

    public LabelMap Map(byte[] labels) => new(Size, Size, labels);

    public ImageBuffer ToImage()
    {
        var pixels = new byte[Size * Size * 3];
        for (var i = 0; i < Colors.Length; i++)
        {
            var color = Vector3.Clamp(Colors[i], Vector3.Zero, Vector3.One) * 255;
            pixels[3 * i] = (byte)color.X;
            pixels[3 * i + 1] = (byte)color.Y;
            pixels[3 * i + 2] = (byte)color.Z;
        }
        return new(Size, Size, 3, pixels);
    }
}
