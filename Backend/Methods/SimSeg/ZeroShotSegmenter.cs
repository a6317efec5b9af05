using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Backend.Postprocess;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>
/// Masks from text (SimSeg: Yi et al., CVPR 2023, section 3.4; as in the authors' tools/seg_evaluation.py): which classes an image shows is told by
/// the whole image's similarity to their names, where they are by the patches'.
/// </summary>
/// <param name="threads">Of the CRF; 0 is one a processor.</param>
public sealed class ZeroShotSegmenter(ITextSupervisedModel model, ClassTexts classes, ZeroShotOptions options, int threads = 0)
{
    /// <summary>A map's value above which a pixel is the class's where there is no CRF.</summary>
    private const float Half = 0.5f;

    /// <summary>Of the square images that the model sees.</summary>
    public int Side => options.Resolution > 0 ? options.Resolution : model.Resolution;

    /// <param name="everyCandidate">Masks of the candidates below the threshold, too: for a caller that moves the threshold.</param>
    /// <param name="stop">Looked at before every class: a CRF of many classes takes seconds.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ZeroShotSegmentation Segment(ImageBuffer image, bool everyCandidate = false, CancellationToken stop = default) =>
        Compose(Score([See(image)], everyCandidate)[0], stop);

    /// <summary>The same from features that are there already.</summary>
    /// <param name="features">Of one image.</param>
    /// <param name="seen">
    /// The image as the model saw it, RGB. (The authors' CRF gets it back from the network's input, which is off by one here and there.)
    /// </param>
    /// <param name="size">Of the image itself.</param>
    public ZeroShotSegmentation Segment(ImageFeatures features, ImageBuffer seen, ImageSize size) =>
        Compose(Score(features, [new(seen, [], size)], everyCandidate: false)[0]);

    /// <summary>The image as the model is to see it: the part that needs no model, on any thread.</summary>
    public SeenImage See(ImageBuffer image)
    {
        var squeezed = Resampling.Resize(image.ToRgb(), Side, Side, ResampleFilter.Bilinear);
        return new(squeezed, model.Normalisation.ToPlanes(squeezed), image.Size);
    }

    /// <summary>Scores and maps of several images in one pass through the model: the part that belongs on its thread.</summary>
    /// <param name="everyCandidate">As of <see cref="Segment(ImageBuffer, bool, CancellationToken)"/>.</param>
    public IReadOnlyList<ImageScores> Score(IReadOnlyList<SeenImage> images, bool everyCandidate = false)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var length = 3 * Side * Side;
        var planes = new float[images.Count * length];
        for (var i = 0; i < images.Count; i++)
            images[i].Planes.CopyTo(planes, i * length);
        var input = tensor(planes, [images.Count, 3, Side, Side], device: model.Device);
        return Score(model.Images(input), images, everyCandidate);
    }

    /// <summary>Masks and labels of a scored image: the part that needs no model, on any thread.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ZeroShotSegmentation Compose(ImageScores image, CancellationToken stop = default)
    {
        var (seen, selection) = (image.Seen.Pixels, image.Selection);
        using var crf = options.Crf && image.Rows.Count > 0 ? new DenseCrf(seen, DenseCrfSettings.SimSeg, threads, model.Device.ToString()) : null;
        var responses = image.Rows.Zip(image.Maps, (row, map) => Respond(row, image.Scores[row], map, seen.Size, crf, stop)).ToList();
        var composed = Compose(responses.Where(response => selection.Selected.Contains(response.Row)), seen.Size);
        return new(image.Scores, selection, seen.Size, image.GridWidth, image.GridHeight, image.Similarities, responses,
            LabelResize.Nearest(composed, image.Seen.Size));
    }

    /// <summary>
    /// The class of the best score among the masks that hold a pixel; none, or none with a score above 0: background. Nearest resizing takes whole
    /// pixels, so that the composition is resized and not each mask, as the authors do.
    /// </summary>
    /// <param name="responses">In any order.</param>
    public static LabelMap Compose(IEnumerable<ClassResponse> responses, ImageSize size)
    {
        var labels = new byte[size.Width * size.Height];
        foreach (var response in responses.Where(response => response.Score > 0)
            .OrderByDescending(response => response.Score)
            .ThenBy(response => response.Label))
            for (var pixel = 0; pixel < labels.Length; pixel++)
                if (labels[pixel] == LabelMap.Background && response.Mask[pixel] != 0)
                    labels[pixel] = (byte)response.Label;
        return new(size.Width, size.Height, labels);
    }

    private List<ImageScores> Score(ImageFeatures features, IReadOnlyList<SeenImage> images, bool everyCandidate)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var t = classes.Features;
        var (height, width) = ((int)features.Patches.shape[2], (int)features.Patches.shape[3]);
        return [.. images.Select((image, i) =>
        {
            var (g, v) = (features.Image[i], features.Patches[i]);

            // a_c = g · t_c, and which classes that makes.
            var a = Floats(t.matmul(g));
            var selection = ClassSelection.Of(a, classes.HasBackground, options);

            // m_c,p = v_p · t_c of every class and patch.
            var m = t.matmul(v.flatten(1)).view(-1, height, width);
            var rows = everyCandidate ? selection.Candidates : selection.Selected;
            return new ImageScores(image, a, selection, width, height, Floats(m), rows, [.. rows.Select(row => Upsample(m[row], image.Pixels.Size))]);
        })];
    }

    /// <param name="similarity">m_c, at the resolution that the model saw.</param>
    private ClassResponse Respond(int row, float score, float[] similarity, ImageSize size, DenseCrf? crf, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var map = Spread(similarity);
        var raw = crf is null
            ? Array.ConvertAll(map, value => value > Half ? (byte)1 : (byte)0)
            : crf.Labels(DenseCrfUnary.FromForeground(map), 2).Labels;
        return new(row, classes.Label(row), score, map, raw, Morphology.Close(raw, size.Width, size.Height, options.ClosingSize));
    }

    /// <param name="similarity">m_c, <c>[h, w]</c></param>
    private float[] Upsample(Tensor similarity, ImageSize size)
    {
        using var scope = NewDisposeScope();
        var (mode, align) =
            options.Upsampling == MapUpsampling.Nearest ? (InterpolationMode.Nearest, (bool?)null) : (InterpolationMode.Bilinear, false);
        return Floats(
            functional.interpolate(similarity.unsqueeze(0).unsqueeze(0), size: [size.Height, size.Width], mode: mode, align_corners: align));
    }

    /// <summary>
    /// From the map's own range to 0..1. A map that is the same everywhere says nothing of where the class is: it becomes 0, where the authors' code
    /// divides by 0.
    /// </summary>
    private static float[] Spread(float[] map)
    {
        var (lowest, highest) = (map.Min(), map.Max());
        return highest > lowest ? Array.ConvertAll(map, value => (value - lowest) / (highest - lowest)) : new float[map.Length];
    }

    private static float[] Floats(Tensor values) => values.to(float32).cpu().contiguous().ToValues<float>();
}
