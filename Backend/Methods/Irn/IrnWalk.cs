using Dashboard.Backend.Images;
using Dashboard.Backend.Postprocess.RandomWalk;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>
/// Semantic segmentation labels from CAMs and boundaries by random walk (IRN, section 5.2; misc/indexing.py and step/make_sem_seg_labels.py).
/// </summary>
public sealed record IrnWalk
{
    /// <summary>Pixels between two positions of the maps and boundaries.</summary>
    public const int Stride = 4;

    /// <summary>γ, in positions. Training has 10.</summary>
    public int Radius { get; init; } = 5;

    /// <summary>β, the power of each affinity.</summary>
    public double Beta { get; init; } = 10;

    /// <summary>log2 of t, the number of steps.</summary>
    public int LogSteps { get; init; } = 8;

    /// <summary>What the largest map must exceed to be no background: 0.25 in IRN, 0.20 in CLIMS.</summary>
    public double BackgroundThreshold { get; init; } = 0.25;

    /// <summary>Threads of the walk; 0: one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>vec(M ⊙ (1 - B)) · T^t, for every map M.</summary>
    /// <param name="maps"><c>[count, Height, Width]</c></param>
    /// <param name="boundary">B, probabilities <c>[Height, Width]</c>.</param>
    /// <param name="size">Of the maps: a quarter of the image.</param>
    /// <returns><c>[count, Height, Width]</c></returns>
    public float[] Propagate(ReadOnlySpan<float> maps, int count, ReadOnlySpan<float> boundary, ImageSize size)
    {
        var transition = new TransitionMatrix(AffinityMatrix.FromEdges(boundary, size.Width, size.Height, new PathIndex(Radius)), Beta);
        var inside = maps.ToArray();
        for (var i = 0; i < inside.Length; i++)
            inside[i] *= 1 - boundary[i % boundary.Length];
        return transition.Walk(inside, count, LogSteps, Threads);
    }

    /// <summary>Propagated maps at the image's size, divided by the largest value of all.</summary>
    /// <param name="propagated"><c>[count, ⌈Height/4⌉, ⌈Width/4⌉]</c></param>
    /// <returns><c>[count, Height, Width]</c>, 0..1; zeros where there is nothing above 0.</returns>
    public static float[] Enlarge(float[] propagated, int count, ImageSize image)
    {
        if (count == 0)
            return [];
        using var scope = NewDisposeScope();
        var strided = image.Strided(Stride);
        var maps = functional.interpolate(
            tensor(propagated, new long[] { 1, count, strided.Height, strided.Width }), scale_factor: [Stride, Stride],
            mode: InterpolationMode.Bilinear, align_corners: false);
        maps = maps.narrow(2, 0, image.Height).narrow(3, 0, image.Width);
        var largest = maps.max().item<float>();
        return (largest > 0 ? maps / largest : zeros_like(maps)).ToValues<float>();
    }

    /// <param name="maps"><c>[classes, ⌈Height/4⌉, ⌈Width/4⌉]</c>: the "cam" of IRN's and CLIMS's dictionaries.</param>
    /// <param name="classes">The class of each map, 0-based; without any, all of the image is background.</param>
    /// <param name="boundary">B, <c>[⌈Height/4⌉, ⌈Width/4⌉]</c>.</param>
    public LabelMap Labels(ReadOnlySpan<float> maps, IReadOnlyList<int> classes, ReadOnlySpan<float> boundary, ImageSize image) => SeedLabels.FromCam(
        Enlarge(Propagate(maps, classes.Count, boundary, image.Strided(Stride)), classes.Count, image), classes, image.Width, image.Height,
        BackgroundThreshold);
}
