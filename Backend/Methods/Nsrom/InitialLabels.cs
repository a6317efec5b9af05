using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>The attention maps of a class of an image, 0..255, <c>[Height, Width]</c> each.</summary>
/// <param name="Class">0-based.</param>
/// <param name="Accumulated">OA-CAM: says which class a pixel has; null where there is none.</param>
/// <param name="Cam">CAM: says where Potential Object Mining looks; null where there is none.</param>
public sealed record ClassAttention(int Class, byte[]? Accumulated, byte[]? Cam);

/// <summary>
/// Pseudo labels from attention and saliency, before the first segmentation network (NSROM, section 3.3; classification/gen_label.py). Equal to the
/// authors' labels. Single precision throughout: it decides ties between a class and the background.
/// </summary>
public sealed record InitialLabels
{
    private const float Bits = 255;

    /// <summary>Attention below it says nothing; nor does a background score below it.</summary>
    public float ForegroundThreshold { get; init; } = 0.3f;

    /// <summary>A pixel where two scores are above it is left undecided.</summary>
    public float ConflictThreshold { get; init; } = 0.9f;

    /// <summary>Background is not believed where the saliency reaches this, 0..255.</summary>
    public byte SalientBackground { get; init; } = 32;

    /// <summary>False: what stands for the saliency is no more than a background score, which is believed everywhere.</summary>
    public bool UsesSaliency { get; init; } = true;

    /// <summary>Nor where the attention of a class is above this.</summary>
    public float AttendedBackground { get; init; } = 0.8f;

    /// <summary>With a smaller share of object pixels the whole image is left undecided.</summary>
    public double LeastForeground { get; init; } = 0.01;

    /// <summary>Potential Object Mining; without it, background stays background where a CAM is active.</summary>
    public bool Mine { get; init; } = true;

    /// <summary>T_bg of Potential Object Mining.</summary>
    public float MiningThreshold { get; init; } = 0.3f;

    /// <param name="saliency">S, 0..255, <c>[height, width]</c>.</param>
    /// <param name="classes">Those that the image has.</param>
    /// <returns>0 background, k+1 for class k, 255 undecided.</returns>
    /// <exception cref="ArgumentException">A map has another size than the saliency.</exception>
    public LabelMap Of(int width, int height, ReadOnlySpan<byte> saliency, IReadOnlyList<ClassAttention> classes)
    {
        var pixels = width * height;
        foreach (var map in classes.SelectMany(attention => new[] { attention.Accumulated, attention.Cam })
            .OfType<byte[]>()
            .Select(map => map.Length)
            .Append(saliency.Length))
            if (map != pixels)
                throw new ArgumentException($"A map has {map} values, but an image of {width}x{height} pixels needs {pixels}.");

        var labels = new byte[pixels];
        for (var i = 0; i < pixels; i++)
            labels[i] = Label(i, saliency[i], classes);
        var result = new LabelMap(width, height, labels);
        if (Mine)
            foreach (var attention in classes)
                if (attention.Cam is { } cam)
                    PotentialObjectMining.Apply(result, attention.Class, Array.ConvertAll(cam, value => value / Bits), MiningThreshold);
        return UndecidedWithoutForeground(result, LeastForeground);
    }

    private byte Label(int pixel, byte salient, IReadOnlyList<ClassAttention> classes)
    {
        var (best, label, sure, trusted) = (Score(1 - salient / Bits), LabelMap.Background, 0, !UsesSaliency || salient < SalientBackground);
        if (best > ConflictThreshold)
            sure++;
        foreach (var (k, accumulated, _) in classes.OrderBy(attention => attention.Class))
        {
            if (accumulated is null)
                continue;
            var attention = accumulated[pixel] / Bits;
            trusted &= attention <= AttendedBackground;
            var score = Score(attention);
            if (score > ConflictThreshold)
                sure++;
            if (score > best)
                (best, label) = (score, (byte)(k + 1));
        }
        return sure > 1 || (label == LabelMap.Background && !trusted) ? LabelMap.Ignore : label;
    }

    private float Score(float value) => value < ForegroundThreshold ? 0 : value;

    /// <summary>An image with hardly any object is left undecided as a whole, as both of NSROM's label generators do.</summary>
    internal static LabelMap UndecidedWithoutForeground(LabelMap map, double leastForeground)
    {
        var objects = map.Labels.Count(label => label is not (LabelMap.Background or LabelMap.Ignore));
        if (objects < leastForeground * map.Labels.Length)
            Array.Fill(map.Labels, LabelMap.Ignore);
        return map;
    }
}
