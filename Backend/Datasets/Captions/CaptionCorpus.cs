using Dashboard.Backend.Datasets.Cooccurrence;

namespace Dashboard.Backend.Datasets.Captions;

/// <summary>Pairs of image and caption: what a CLIP learns from.</summary>
/// <param name="Source">The file that lists them.</param>
/// <param name="Pairs">In the list's order; at least one.</param>
public sealed record CaptionCorpus(string Source, IReadOnlyList<CaptionedImage> Pairs)
{
    private static readonly string[] Lists = ["captions.tsv", "captions.json"];

    /// <summary>For a <see cref="BatchLoader"/>: the images alone, without tags.</summary>
    public IReadOnlyList<Sample> Images { get; } = [.. Pairs.Select(pair => new Sample(Path.GetFileNameWithoutExtension(pair.ImagePath), pair.ImagePath, MaskPath: null, Tags: []))];

    public IEnumerable<string> Captions => Pairs.Select(pair => pair.Caption);

    /// <summary>The captions of a data set: the folder <c>Captions/</c> in it. Those of the built-in one are drawn on first use, which takes seconds.</summary>
    /// <exception cref="DatasetException">It has none, or the list is damaged: names the file and the line.</exception>
    public static CaptionCorpus Of(IImageDataset dataset, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var folder = Path.Combine(dataset.Root, CooccurrenceWorld.Captions);
        if (!Directory.Exists(folder))
        {
            if (DatasetManifest.Read(dataset.Root) is not { Kind: CooccurrenceWorld.Kind } manifest)
                throw new DatasetException($"captions: {dataset.Name} has no captions ({folder} is missing). Give a folder with {string.Join(" or ", Lists)}, or such a file.");
            CooccurrenceWorld.MakeCaptions(dataset.Root, manifest, progress: progress, cancellation: cancellation);
        }
        return Open(folder);
    }

    /// <summary>
    /// Reads a list of captions, or the one of a folder. <c>.tsv</c>: a line for each pair: image, tab, caption. <c>.json</c>: a list of
    /// <c>{"image": ..., "caption": ...}</c>. Images lie beside the list, or in the folder <c>images</c> there.
    /// </summary>
    /// <exception cref="DatasetException">There is no such list, or it is damaged: names the file and the line.</exception>
    public static CaptionCorpus Open(string path)
    {
        var list = Directory.Exists(path)
            ? Lists.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists) ?? throw new DatasetException($"{path} has neither {string.Join(" nor ", Lists)}.")
            : Path.GetFullPath(path);
        var pairs = CaptionList.Read(list);
        return pairs.Count > 0 ? new(list, pairs) : throw new DatasetException($"{list} lists no image.");
    }
}
