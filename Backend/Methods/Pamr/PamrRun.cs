using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Segmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Pamr;

/// <summary>Label maps from another run's soft maps by pixel-adaptive refinement.</summary>
public sealed class PamrRun : IRunMethod
{
    public string Name => PamrMethod.Descriptor.Name;

    public void Execute(RunContext context) => Open(context).Execute();

    public DryRunReport DryRun(RunContext context) => Open(context).MeasureImage();

    private static RefinementRun Open(RunContext context)
    {
        var options = context.Options<PamrOptions>();
        var maps = new SoftMapsInput(context, PamrMethod.Maps, options.Splits);
        return new(
            context, new RefinedSplits(context, options, "PAMR"),
            (sample, image) => new(Labels(options, image, maps.Read(sample, image.Size))), "pixel-adaptive refinement");
    }

    /// <param name="maps">At the image's size; without any, all of the image is background.</param>
    internal static LabelMap Labels(PamrOptions options, ImageBuffer image, SoftCam maps)
    {
        if (maps.Classes.Count == 0)
            return new(image.Width, image.Height, new byte[image.Width * image.Height]);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var I = tensor(image.Pixels, [image.Height, image.Width, 3]).permute(2, 0, 1).to(float32);
        var scores = cat([
            full([1, image.Height, image.Width], (float)options.Background),
            tensor(maps.Maps, [maps.Classes.Count, image.Height, image.Width]),
        ]);
        var winners = PixelAdaptiveRefinement.refine(I, scores, options.Dilations, options.Iterations).argmax(0);
        return new(image.Width, image.Height,
            Array.ConvertAll(winners.data<long>().ToArray(),
            winner => winner == 0 ? LabelMap.Background : (byte)(maps.Classes[(int)winner - 1] + 1)));
    }
}
