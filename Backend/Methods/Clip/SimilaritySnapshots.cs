using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Clip;

/// <summary>
/// Pictures of where the patches of a fixed set of images answer to the words of their classes, taken after each epoch: what LoDA changes, and plain
/// CLIP does not learn.
/// </summary>
internal sealed class SimilaritySnapshots(RunContext context, ClipTrainingOptions options, ITextImageNetwork network, Normalisation normalisation,
    Device device)
{
    private readonly IReadOnlyList<Sample> _samples =
        SnapshotPictures.Spread(context.Dataset.Samples(options.EvaluationSplit), options.SnapshotImages);

    /// <param name="classes">Features of the classes' texts, of length one, <c>[K, D]</c>.</param>
    public void Take(Tensor classes, int epoch, long step)
    {
        if (_samples.Count == 0)
            return;
        var pictures = new SnapshotPictures(context.Folder, $"snapshots/epoch-{epoch:0000}");
        context.Report(new RunSnapshot(step, epoch, [.. _samples.SelectMany(sample => Panels(sample, classes, pictures))]));
    }

    private List<SnapshotPanel> Panels(Sample sample, Tensor classes, SnapshotPictures pictures)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var image = sample.ReadRgb();
        var side = network.Resolution;
        var squeezed = Resampling.Resize(image, side, side, ResampleFilter.Bilinear);
        var patches = functional.normalize(network.Patches(tensor(normalisation.ToPlanes(squeezed), [1, 3, side, side]).to(device)), dim: 1);

        List<SnapshotPanel> panels = [.. pictures.ImageAndTruth(sample, image)];
        foreach (var k in sample.Tags)
        {
            var similarity = (patches * classes[k].view(1, -1, 1, 1)).sum(1, keepdim: true);
            var map = functional.interpolate(similarity, size: [image.Height, image.Width], mode: InterpolationMode.Bilinear,
                align_corners: false).cpu().data<float>().ToArray();
            panels.Add(pictures.Overlay(sample, context.Dataset.Classes.Names[k], k, image, Spread(map)));
        }
        return panels;
    }

    /// <summary>From the map's own range to 0..1, as zero-shot masks do.</summary>
    private static float[] Spread(float[] map)
    {
        var (lowest, highest) = (map.Min(), map.Max());
        return highest > lowest ? Array.ConvertAll(map, value => (value - lowest) / (highest - lowest)) : new float[map.Length];
    }
}
