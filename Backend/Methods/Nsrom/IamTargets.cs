using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>What the integral attention model learns: at every position what a classifier has accumulated there.</summary>
/// <param name="imageSize">Of the model's images, for a message.</param>
internal sealed class IamTargets(OnlineAccumulation accumulated, int imageSize)
{
    /// <summary>Images with tags of which nothing was accumulated teach that their classes are nowhere: some are told, all are a mistake.</summary>
    /// <exception cref="InvalidRunException">The run has no whole checkpoint, or has accumulated nothing of the training split: names it.</exception>
    public static IamTargets Of(RunContext context, RunFolder classifier, IamOptions options)
    {
        var accumulated = AccumulatedMaps.Of(context, classifier, IamMethod.Accumulated);
        var tagged = context.Dataset.Samples(options.TrainSplit).Where(sample => sample.Tags.Count > 0).ToList();
        var without = tagged.Where(sample => sample.Tags.All(k => accumulated.Find(sample.Id, k) is null)).Select(sample => sample.Id).ToList();
        if (without.Count > 0 && without.Count == tagged.Count)
            throw new InvalidRunException(IamMethod.Accumulated,
                $"accumulated: the run {classifier.Id} has accumulated nothing of the split '{options.TrainSplit}'. Maps are accumulated from the "
                + "second epoch on: train the classifier for at least 2 epochs, on the same split.");
        if (without.Count > 0)
            context.Report(new RunLog("warning",
                $"The run {classifier.Id} has accumulated nothing of {without.Count} of the {tagged.Count} images with tags: "
                + $"{InputFiles.Names(without)}. They are learned as images without objects."));
        return new(accumulated, options.ImageSize);
    }

    /// <summary>0..1; 0 for classes that an image does not have.</summary>
    /// <param name="shape">Of the network's maps, <c>[N, K, h, w]</c>.</param>
    /// <exception cref="InvalidRunException">Maps were accumulated at another size.</exception>
    public Tensor Of(IReadOnlyList<string> images, long[] shape)
    {
        var (classes, height, width) = ((int)shape[1], (int)shape[2], (int)shape[3]);
        var targets = new float[images.Count * classes * height * width];
        for (var i = 0; i < images.Count; i++)
            for (var k = 0; k < classes; k++)
                if (accumulated.Find(images[i], k) is { } map)
                {
                    if ((map.Height, map.Width) != (height, width))
                        throw new InvalidRunException("imageSize",
                            $"imageSize: the maps of {images[i]} were accumulated at {map.Width}x{map.Height} positions, but an image of "
                            + $"{imageSize} px gives {width}x{height}. Use the imageSize of the run in the role {IamMethod.Accumulated}.");
                    var start = (i * classes + k) * height * width;
                    for (var position = 0; position < map.Values.Length; position++)
                        targets[start + position] = map.Values[position] / 255f;
                }
        return tensor(targets, shape);
    }
}
