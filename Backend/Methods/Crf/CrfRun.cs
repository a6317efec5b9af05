using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Refinement;

namespace Dashboard.Backend.Methods.Crf;

/// <summary>Label maps from another run's soft maps by a dense CRF.</summary>
public sealed class CrfRun : IRunMethod
{
    public string Name => CrfMethod.Descriptor.Name;

    public void Execute(RunContext context) => Open(context).Execute();

    public DryRunReport DryRun(RunContext context) => Open(context).MeasureImage();

    private static RefinementRun Open(RunContext context)
    {
        var options = context.Options<CrfOptions>();
        var (maps, crf) = (new SoftMapsInput(context, CrfMethod.Maps, options.Splits), new SoftMapsCrf(options, context.Spec.Device));
        return new(
            context, new RefinedSplits(context, options, "CRF") { Crf = true },
            (sample, image) => new(crf.Labels(image, maps.Read(sample, image.Size))), "dense CRF");
    }
}
