namespace Dashboard.Backend.Datasets.Captions;

/// <summary>
/// Sentences of image tags, as camera-ready CLIMS fine-tunes CLIP with: "a photo of A", "a photo of A and B", "a photo of A, B, and C".
/// </summary>
public static class TagSentences
{
    /// <summary>A pair for every image of a split that has a tag.</summary>
    /// <exception cref="DatasetException">There is no such split, or none of its images has a tag.</exception>
    public static CaptionCorpus Of(IImageDataset dataset, string split)
    {
        var pairs = dataset.Samples(split).Where(sample => sample.Tags.Count > 0)
            .Select(sample => new CaptionedImage(sample.ImagePath, $"a photo of {List([.. sample.Tags.Select(tag => dataset.Classes.Names[tag])])}"))
            .ToList();
        return pairs.Count > 0
            ? new($"the tags of {dataset.Name}, {split}", pairs)
            : throw new DatasetException($"trainSplit: no image of '{split}' has a tag. Choose another split.");
    }

    private static string List(IReadOnlyList<string> names) => names.Count switch
    {
        1 => names[0],
        2 => $"{names[0]} and {names[1]}",
        _ => $"{string.Join(", ", names.SkipLast(1))}, and {names[^1]}",
    };
}
