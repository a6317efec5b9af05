using System.Diagnostics;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Inference;

/// <summary>Answers a <see cref="PredictRequest"/>.</summary>
public static class PredictHandler
{
    /// <summary>Of an image: a network with output stride 8 takes about 1 kB a pixel, and it has no way to look at less.</summary>
    private const long MostPixels = 6_000_000;

    /// <exception cref="InferenceException">The image has too many pixels, or the run has left no segmentation network: says what it is.</exception>
    /// <exception cref="ImageException">The file is no image, damaged or too large.</exception>
    public static PredictReport Answer(PredictRequest request, LoadedModels models)
    {
        var clock = Stopwatch.StartNew();
        var image = ImageFile.DecodeRgb(request.Image, request.ImageName, request.Orientation, SegmentRequest.Limits);
        if ((long)image.Width * image.Height > MostPixels)
            throw new InferenceException(
                $"{request.ImageName} has {image.Width}x{image.Height} pixels; a segmentation network is asked here about {MostPixels / 1_000_000} "
                + "megapixels at most. Scale it down.") { IsRefusal = true };
        var predictor = Open(request.Run, models);
        var test = predictor.Test with { Flip = request.Flip ?? predictor.Test.Flip, Crf = request.Crf ?? predictor.Test.Crf };
        var preparation = clock.Elapsed.TotalSeconds;

        clock.Restart();
        var labels = predictor.Predict(image, test);
        var seconds = clock.Elapsed.TotalSeconds;
        var pixels = new long[256];
        foreach (var label in labels.Labels)
            pixels[label]++;
        return new(
            predictor.Run.Id, predictor.Epoch, image.Width, image.Height, predictor.Labels,
            [.. predictor.Labels.Select((_, label) => pixels[label] / (double)labels.Labels.Length)],
            test.Flip, test.Crf, ImageFile.EncodeLabels(labels), SegmentHandler.Preview(image), preparation, seconds);
    }

    private static SegmentPredictor Open(string run, LoadedModels models)
    {
        try
        {
            return models.Network(new RunFolder(run));
        }
        catch (Exception error) when (error is InvalidDataException or InvalidRunException)
        {
            throw new InferenceException(error.Message, error) { IsRefusal = true };
        }
    }
}
