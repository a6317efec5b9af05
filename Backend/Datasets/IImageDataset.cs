using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images.Labels;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets;

/// <summary>Images with image-level tags and, where known, ground-truth masks.</summary>
public interface IImageDataset
{
    /// <summary>As shown and as written into protocols: "VOC 2012", "Co-occurrence world", the folder's name.</summary>
    string Name { get; }

    /// <summary>As <see cref="Domain.Runs.Protocol.Variant"/>.</summary>
    string? Variant => null;

    /// <summary>The data set's folder.</summary>
    string Root { get; }

    /// <summary>What a reader should know of how the folder was read, a sentence each.</summary>
    IReadOnlyList<string> Notes => [];

    ClassSet Classes { get; }

    /// <summary>Names of the splits that <see cref="Samples"/> knows, for example train, train_aug, val.</summary>
    IReadOnlyList<string> Splits { get; }

    /// <summary>Whether a split is one that every lab has by this name, whole.</summary>
    /// <exception cref="DatasetException">As of <see cref="Samples"/>.</exception>
    bool IsPublished(string split) => false;

    /// <summary>The images of a split in their stored order. Reads lists and tags, opens no image.</summary>
    /// <exception cref="DatasetException">
    /// No such split, or a list or tag file is missing or unreadable: names the file and says what to do.
    /// </exception>
    IReadOnlyList<Sample> Samples(string split);

    /// <summary>The images of all of these splits; those that are in several count once.</summary>
    /// <exception cref="DatasetException">As of <see cref="Samples"/>.</exception>
    IReadOnlyList<Sample> SamplesOf(IEnumerable<string> splits) => [.. splits.SelectMany(Samples).DistinctBy(sample => sample.Id)];
}

/// <summary>One image of a data set.</summary>
/// <param name="Tags">Classes that are present, 0-based, ascending, without background.</param>
/// <param name="MaskPath">
/// The file with the ground truth: a label map (0 background, k+1, 255 ignore), unless <see cref="Drawn"/> makes one of it; null where there is none.
/// </param>
public sealed record Sample(string Id, string ImagePath, string? MaskPath, IReadOnlyList<int> Tags)
{
    /// <summary>The label map where <see cref="MaskPath"/> is none itself; null where it is.</summary>
    public IDrawnMask? Drawn { get; init; }

    /// <summary>How a mask that is a label map says its labels.</summary>
    public LabelCoding Coding { get; init; } = LabelCoding.Voc;
}

/// <summary>A data set is not as it should be. The message names the file and says what to do.</summary>
public sealed class DatasetException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Of a file that could not be opened or read.</summary>
    /// <param name="remedy">What to do, as a sentence.</param>
    internal static DatasetException Of(Exception error, string path, string remedy) =>
        new(error is UnreadableFileException ? error.Message : $"{path} cannot be read: {error.Message} {remedy}", error);
}
