using System.Diagnostics;
using System.Runtime.InteropServices;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Pictures;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Inference;

/// <summary>Answers a <see cref="SegmentRequest"/>.</summary>
public static class SegmentHandler
{
    /// <summary>Long side of the picture that is sent back.</summary>
    private const int PreviewSide = 1600;

    /// <param name="stop">The caller no longer waits for the answer.</param>
    /// <exception cref="InferenceException">The class names cannot be, or the maps would be too many or too large.</exception>
    /// <exception cref="ImageException">The file is not an image, damaged or too large.</exception>
    /// <exception cref="Pretrained.ModelException">There is no such model, or it cannot be used.</exception>
    /// <exception cref="Text.TextTooLongException">A word is too long for the model: names it.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SegmentReport Answer(SegmentRequest request, LoadedModels models, CancellationToken stop = default)
    {
        var options = request.Options;
        if (ClassSet.Fault(request.Classes) is { } fault)
            throw new InferenceException(fault);
        var clock = Stopwatch.StartNew();
        var image = ImageFile.DecodeRgb(request.Image, request.ImageName, request.Orientation, SegmentRequest.Limits);
        var source = models.Find(options.Model);
        var model = models.Get(source);
        var names = request.Classes.Count + (options.Background.Length > 0 ? 1 : 0);
        var room = new SegmentRoom(model.Attention, model.Resolution, Math.Min(options.Candidates, request.Classes.Count), names);
        if (room.Refuse(options.Resolution > 0 ? options.Resolution : model.Resolution) is { } refused)
            throw new InferenceException(refused);
        var classes = models.Texts(source, request.Classes, options, stop);
        var preparation = clock.Elapsed.TotalSeconds;

        clock.Restart();
        var result = new ZeroShotSegmenter(model, classes, options).Segment(image, everyCandidate: true, stop);
        var seconds = clock.Elapsed.TotalSeconds;
        return new(
            source.Name,
            image.Width,
            image.Height,
            result.Seen.Width,
            result.Seen.Height,
            result.GridWidth,
            result.GridHeight,
            classes.Names,
            classes.HasBackground,
            result.Scores,
            result.Selection,
            MemoryMarshal.AsBytes(result.Similarities.AsSpan()).ToArray(),
            [.. result.Responses.Select(response =>
                new SegmentCandidate(response.Row, response.Label, Array.ConvertAll(response.Map, value => (byte)MathF.Round(255 * value)),
                    response.Mask))],
            ImageFile.EncodeLabels(result.Labels),
            Preview(image),
            classes.LeftOut,
            classes.Unknown,
            preparation,
            seconds);
    }

    /// <summary>JPEG.</summary>
    internal static byte[] Preview(ImageBuffer image) =>
        Pictures.EncodeJpeg(Resampling.Resize(image, image.Size.Within(PreviewSide), ResampleFilter.Bilinear));
}
