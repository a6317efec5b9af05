using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Methods.Refinement;

/// <summary>What another run must have left for a run to start: a file of each image.</summary>
internal static class InputFiles
{
    /// <summary>Images that a message names.</summary>
    private const int Named = 5;

    /// <param name="role">Of the run among the inputs.</param>
    /// <param name="what">As in "no label map of 3 of the 8 images".</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    /// <param name="split">That the images are of; null where they are of all splits.</param>
    /// <exception cref="InvalidRunException">Some are missing: names run, images and the first of the files.</exception>
    public static void Require(
        string role, RunFolder run, string what, IReadOnlyList<Sample> samples, Func<Sample, string> pathOf, string remedy, string? split = null)
    {
        var missing = samples.Where(sample => !File.Exists(pathOf(sample))).ToList();
        if (missing.Count > 0)
            throw new InvalidRunException(role,
                $"{role}: the run {run.Id} has no {what} of {missing.Count} of the {samples.Count} images"
                + $"{(split is null ? "" : $" of the split '{split}'")}: {Names([.. missing.Select(sample => sample.Id)])}. "
                + $"{pathOf(missing[0])} is missing. {remedy}");
    }

    /// <summary>The first of them.</summary>
    public static string Names(IReadOnlyList<string> images) => string.Join(", ", images.Take(Named)) + (images.Count > Named ? ", ..." : "");
}
