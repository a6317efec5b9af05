using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Methods.Refinement;

/// <summary>The soft maps of another run, which are to be refined.</summary>
internal sealed class SoftMapsInput
{
    private readonly string _role;

    /// <summary>Looks for the file of every image of the splits.</summary>
    /// <param name="role">Of the run among the inputs.</param>
    /// <exception cref="InvalidRunException">No run is given, or it lacks maps: names run, split and file.</exception>
    public SoftMapsInput(RunContext context, string role, IEnumerable<string> splits)
    {
        _role = role;
        Run = context.Input(role) ?? throw new InvalidRunException(role, $"{role}: choose the run whose soft maps are refined (--input {role}=RUN).");
        foreach (var split in splits.Distinct())
            InputFiles.Require(role, Run, "soft maps", context.Dataset.Samples(split), PathOf,
                "Choose a run that covers the split, or make its maps with a run of the method maps.", split);
    }

    public RunFolder Run { get; }

    /// <summary>The maps of an image; none where it has no tags.</summary>
    /// <exception cref="InvalidRunException">They are not of the image's size: names the file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged: names it.</exception>
    public SoftCam Read(Sample sample, ImageSize image)
    {
        var maps = SoftCamFile.Read(PathOf(sample));
        return (maps.Width, maps.Height) == (image.Width, image.Height)
            ? maps
            : throw new InvalidRunException(_role,
                $"{_role}: {PathOf(sample)} has {maps.Width}x{maps.Height} positions, but its image is {image.Width}x{image.Height} pixels. Make "
                + $"the maps of the run {Run.Id} again.");
    }

    private string PathOf(Sample sample) => SoftCamFile.PathOf(Run.Cams, sample.Id);
}
