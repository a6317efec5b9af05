using System.Diagnostics;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using TorchSharp;

namespace Dashboard.Backend.Inference;

/// <summary>Answers an <see cref="ActivationsRequest"/>.</summary>
public static class ActivationsHandler
{
    /// <summary>Of an image: at the largest usual scale, 2, and mirrored, it is eight times as many.</summary>
    private const long MostPixels = 1_500_000;

    /// <summary>A network that was asked for no class in particular shows no more.</summary>
    private const int MostFound = 6;

    /// <summary>A class is found from this score on.</summary>
    private const float Found = 0.5f;

    /// <exception cref="InferenceException">The image has too many pixels, there is no such class, or the run has left no such network.</exception>
    /// <exception cref="ImageException">The file is not an image, damaged or too large.</exception>
    public static ActivationsReport Answer(ActivationsRequest request, LoadedModels models)
    {
        var clock = Stopwatch.StartNew();
        var image = ImageFile.DecodeRgb(request.Image, request.ImageName, request.Orientation, SegmentRequest.Limits);
        if ((long)image.Width * image.Height > MostPixels)
            throw Refusal($"{request.ImageName} has {image.Width}x{image.Height} pixels; activation maps are made here of about "
                + $"{MostPixels / 1e6:0.0} megapixels at most. Scale it down.");
        if (request.Classes?.FirstOrDefault(k => k < 0 || k >= request.Names.Count, -1) is { } wrong and not -1)
            throw Refusal($"classes: there is no class {wrong}; the run has {request.Names.Count}.");
        var source = Open(request, models);
        var preparation = clock.Elapsed.TotalSeconds;

        clock.Restart();
        var scores = source.Scores(image);
        var classes = request.Classes ?? FoundIn(scores);
        using var maps = source.Inference(source.Options.Scales).Maps([image], [classes])[0];
        using var file = new MemoryStream();
        SoftCamFile.Write(file, new SoftCam(image.Width, image.Height, classes, maps.Full.ToValues<float>()), half: true);
        var seconds = clock.Elapsed.TotalSeconds;
        return new(new RunFolder(request.Run).Id, image.Width, image.Height, request.Names, scores, classes, file.ToArray(),
            SegmentHandler.Preview(image), preparation, seconds);
    }

    /// <summary>Ascending; the best one where none is found.</summary>
    private static IReadOnlyList<int> FoundIn(IReadOnlyList<float> scores)
    {
        var ranked = Enumerable.Range(0, scores.Count).OrderByDescending(k => scores[k]).ToList();
        return [.. ranked.Where((k, place) => place == 0 || scores[k] >= Found).Take(MostFound).Order()];
    }

    private static CamSource Open(ActivationsRequest request, LoadedModels models)
    {
        try
        {
            return models.Activations(new RunFolder(request.Run), request.Names.Count);
        }
        catch (Exception error) when (error is InvalidDataException or InvalidRunException or CheckpointException)
        {
            throw new InferenceException(error.Message, error) { IsRefusal = true };
        }
    }

    private static InferenceException Refusal(string message) => new(message) { IsRefusal = true };
}
