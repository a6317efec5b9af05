using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>The label maps of another run.</summary>
internal sealed class LabelMapsInput
{
    private readonly RunFolder _run;
    private readonly string _role;

    /// <summary>Looks for the label map of every image.</summary>
    /// <param name="role">Of the run among the inputs.</param>
    /// <param name="remedy">What to do where some are missing, as a sentence.</param>
    /// <exception cref="InvalidRunException">No run is given, or it lacks label maps: names run, images and file.</exception>
    public LabelMapsInput(RunContext context, string role, IReadOnlyList<Sample> samples, string remedy)
    {
        _role = role;
        _run = context.Input(role) ?? throw new InvalidRunException(role, $"{role}: choose the run whose label maps are used (--input {role}=RUN).");
        InputFiles.Require(role, _run, "label map", samples, PathOf, remedy);
    }

    /// <exception cref="InvalidRunException">It is not of the image's size: names the file.</exception>
    public LabelMap Read(Sample sample, ImageSize image)
    {
        var path = PathOf(sample);
        var labels = ImageFile.ReadLabels(path);
        return (labels.Width, labels.Height) == (image.Width, image.Height)
            ? labels
            : throw new InvalidRunException(_role,
                $"{_role}: {path} has {labels.Width}x{labels.Height} pixels, its image {image.Width}x{image.Height}. Run {_run.Id} again.");
    }

    private string PathOf(Sample sample) => LabelMapScoring.PathOf(_run, sample.Id);
}
