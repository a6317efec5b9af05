using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Postprocess.RandomWalk;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>
/// Labels from CAMs by random walk over AffinityNet's affinities (PSA, section 3.3; infer_aff.py). The background walks with the classes.
/// </summary>
public sealed record PsaWalk
{
    /// <summary>γ, in positions.</summary>
    public int Radius { get; init; } = 5;

    /// <summary>β, the power of each affinity.</summary>
    public double Beta { get; init; } = 8;

    /// <summary>log2 of t, the number of steps.</summary>
    public int LogSteps { get; init; } = 8;

    /// <summary>α of the background, (1 - max over classes M_c)^α: 16 in the code, 24 in the paper.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Threads of the walk; 0: one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>The background's map (PSA, section 3.1).</summary>
    /// <param name="cams"><c>[classes, pixels]</c>, 0..1; without any class all is background.</param>
    /// <returns><c>[pixels]</c></returns>
    public static float[] Background(ReadOnlySpan<float> cams, int classes, int pixels, double alpha)
    {
        var background = new float[pixels];
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var largest = 0f;
            for (var k = 0; k < classes; k++)
                largest = Math.Max(largest, cams[k * pixels + pixel]);
            background[pixel] = MathF.Pow(1 - largest, (float)alpha);
        }
        return background;
    }

    /// <summary>Background and classes, averaged over blocks of 8 pixels; what is missing of the last blocks is 0.</summary>
    /// <param name="cams"><c>[classes, Height, Width]</c>, 0..1.</param>
    /// <returns><c>[1 + classes, ⌈Height/8⌉, ⌈Width/8⌉]</c></returns>
    public float[] Pool(ReadOnlySpan<float> cams, int classes, ImageSize image)
    {
        using var scope = NewDisposeScope();
        float[] all = [.. Background(cams, classes, image.Width * image.Height, Alpha), .. cams];
        var padded = image.StridedUp(AffinityNet.Stride);
        var maps = functional.pad(tensor(all, new long[] { 1 + classes, image.Height, image.Width }),
            [0, padded.Width - image.Width, 0, padded.Height - image.Height]);
        return functional.avg_pool2d(maps, AffinityNet.Stride).ToValues<float>();
    }

    /// <summary>vec(M) · T^t, for every map M.</summary>
    /// <param name="pooled"><c>[1 + classes, h, w]</c></param>
    /// <returns><c>[1 + classes, h, w]</c></returns>
    public float[] Propagate(ReadOnlySpan<float> pooled, int classes, AffinityMatrix affinity) =>
        new TransitionMatrix(affinity, Beta).Walk(pooled, 1 + classes, LogSteps, Threads);

    /// <summary>Background and classes after the walk, at the image's size.</summary>
    /// <param name="cams"><c>[classes, Height, Width]</c>, 0..1.</param>
    /// <param name="affinity">Of <c>[⌈Height/8⌉, ⌈Width/8⌉]</c> positions.</param>
    /// <returns><c>[1 + classes, Height, Width]</c>, of the caller's dispose scope.</returns>
    public Tensor Maps(ReadOnlySpan<float> cams, int classes, AffinityMatrix affinity, ImageSize image)
    {
        using var scope = NewDisposeScope();
        var (strided, padded) = (image.Strided(AffinityNet.Stride), image.StridedUp(AffinityNet.Stride));
        var propagated = Propagate(Pool(cams, classes, image), classes, affinity);
        var maps = functional.interpolate(
            tensor(propagated, new long[] { 1, 1 + classes, strided.Height, strided.Width }),
            size: [padded.Height, padded.Width], mode: InterpolationMode.Bilinear, align_corners: false);
        return maps[0][.., ..image.Height, ..image.Width].contiguous().MoveToOuterDisposeScope();
    }

    /// <param name="classes">The class of each map, 0-based.</param>
    /// <inheritdoc cref="Maps"/>
    public LabelMap Labels(ReadOnlySpan<float> cams, IReadOnlyList<int> classes, AffinityMatrix affinity, ImageSize image)
    {
        using var scope = NewDisposeScope();
        var best = Maps(cams, classes.Count, affinity, image).argmax(0).data<long>().ToArray();
        return new(image.Width, image.Height, Array.ConvertAll(best, map => map == 0 ? LabelMap.Background : (byte)(classes[(int)map - 1] + 1)));
    }
}
