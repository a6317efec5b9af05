using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>The label maps that are trained on: those of the input run, or the data set's own.</summary>
internal sealed class TrainingLabels
{
    /// <summary>Images that a message names.</summary>
    private const int Named = 5;

    private readonly RunFolder? _run;
    private readonly int _classes;

    private TrainingLabels(RunFolder? run, int classes) => (_run, _classes) = (run, classes);

    /// <summary>For people: where they come from.</summary>
    public string Description => _run is null ? "the data set's own masks" : $"the label maps of run {_run.Id}";

    /// <param name="samples">Those that are trained on: each must have a label map.</param>
    /// <exception cref="InvalidRunException">
    /// Neither a run is given nor truth is asked for, or images have no label map: names run, images and files.
    /// </exception>
    public static TrainingLabels Of(RunContext context, SegmentOptions options, IReadOnlyList<Sample> samples)
    {
        var run = options.FromTruth ? null : context.Input(SegmentMethod.LabelsRole) ?? throw new InvalidRunException(
            SegmentMethod.LabelsRole,
            $"labels: choose the run whose label maps are to be trained on (--input labels=RUN), or set the option labels to "
            + $"{SegmentOptions.Truth} for the data set's own masks.");
        var labels = new TrainingLabels(run, context.Dataset.Classes.Count);
        var missing = samples.Where(sample =>
            run is null ? sample.MaskPath is null : !File.Exists(LabelMapScoring.PathOf(run, sample.Id))).Select(sample => sample.Id).ToList();
        if (missing.Count == 0)
            return labels;
        var some =
            $"{missing.Count} of the {samples.Count} images of the split '{options.TrainSplit}': "
            + $"{string.Join(", ", missing.Take(Named))}{(missing.Count > Named ? ", ..." : "")}";
        throw new InvalidRunException(SegmentMethod.LabelsRole, run is null
            ? $"labels: {context.Dataset.Root} has no mask of {some}. Choose another trainSplit, or label maps of a run."
            : $"labels: the run {run.Id} has no label map of {some}; {LabelMapScoring.PathOf(run, missing[0])} is not there. Choose a run whose "
                + "label maps cover that split, or another trainSplit.");
    }

    /// <exception cref="DatasetException">The label map cannot be read, or has labels that the data set has not: names run and file.</exception>
    public LabelMap Read(Sample sample)
    {
        var path = _run is null ? sample.MaskPath : LabelMapScoring.PathOf(_run, sample.Id);
        try
        {
            var map = _run is null ? sample.ReadTruth() : ImageFile.ReadLabels(path!);
            for (var pixel = 0; pixel < map.Labels.Length; pixel++)
                if (map.Labels[pixel] > _classes && map.Labels[pixel] != LabelMap.Ignore)
                    throw new DatasetException(
                        $"{path} has the label {map.Labels[pixel]} at x {pixel % map.Width}, y {pixel / map.Width}; legal are 0 to {_classes}, and "
                        + $"255 for pixels that do not count. {Remedy}");
            return map;
        }
        catch (ImageException error)
        {
            throw new DatasetException($"The label map of {sample.Id} cannot be used: {error.Message} {Remedy}", error);
        }
    }

    private string Remedy =>
        _run is null
            ? "Correct the mask, or take the image off the list."
            : $"It belongs to run {_run.Id}: launch that run anew, or choose another one.";
}
