using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Methods.Saliency;

/// <summary>The saliency of another run.</summary>
internal sealed class SaliencyInput
{
    private readonly RunFolder _run;
    private readonly string _role;

    /// <summary>Looks for the map of every image.</summary>
    /// <param name="role">Of the run among the inputs.</param>
    /// <exception cref="InvalidRunException">No run is given, or it lacks maps: names run, images and file.</exception>
    public SaliencyInput(RunContext context, string role, IReadOnlyList<Sample> samples)
    {
        _role = role;
        _run = context.Input(role) ?? throw new InvalidRunException(role,
            $"{role}: choose the run whose saliency is used (--input {role}=RUN), or set the option {role} to none.");
        InputFiles.Require(role, _run, "saliency", samples, sample => PathOf(_run, sample),
            "Choose a run of saliency that covers all splits of this one.");
    }

    /// <returns>0..255, <c>[Height, Width]</c>.</returns>
    /// <exception cref="InvalidRunException">It is not of the image's size: names the file.</exception>
    public byte[] Read(Sample sample, ImageSize image)
    {
        var map = ImageFile.Read(PathOf(_run, sample));
        return map.Size == image && map.Channels == 1
            ? map.Pixels
            : throw new InvalidRunException(_role,
                $"{_role}: {PathOf(_run, sample)} is no gray image of {image.Width}x{image.Height} pixels, as its image is. Run {_run.Id} again.");
    }

    public static string PathOf(RunFolder run, Sample sample) => Path.Combine(run.Saliency, sample.Id + ".png");
}
