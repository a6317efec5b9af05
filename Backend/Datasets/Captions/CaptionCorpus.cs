using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Datasets.Loading;

namespace Dashboard.Backend.Datasets.Captions;

/// <summary>Pairs of image and caption: what a CLIP learns from.</summary>
/// <param name="Source">The file that lists them.</param>
/// <param name="Pairs">In the list's order; at least one.</param>
public sealed record CaptionCorpus(string Source, IReadOnlyList<CaptionedImage> Pairs)
{
    /// <summary>Pairs at the beginning of a list that are looked at before a run is made: a mistake that is made throughout shows in them.</summary>
    private const int PairsLookedAt = 1000;

    /// <summary>A list in JSON is read as a whole or not at all: larger ones are left to the run.</summary>
    private const long MostJsonLookedAt = 32 << 20;

    private static readonly string[] Lists = ["captions.tsv", "captions.json"];

    /// <summary>For a <see cref="BatchLoader"/>: the images alone, without tags.</summary>
    public IReadOnlyList<Sample> Images { get; } =
        [.. Pairs.Select(pair => new Sample(Path.GetFileNameWithoutExtension(pair.ImagePath), pair.ImagePath, MaskPath: null, Tags: []))];

    public IEnumerable<string> Captions => Pairs.Select(pair => pair.Caption);

    /// <summary>
    /// The captions of a data set: the folder <c>Captions/</c> in it. Those of the built-in one are drawn on first use, which takes seconds.
    /// </summary>
    /// <param name="refuse">As of <see cref="Open"/>.</param>
    /// <exception cref="DatasetException">It has none, or the list is damaged: names the file and the line.</exception>
    public static CaptionCorpus Of(IImageDataset dataset, Func<string, string?>? refuse = null, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (FolderOf(dataset, out var manifest) is { } folder)
            return Open(folder, refuse);
        return Open(CooccurrenceWorld.MakeCaptions(dataset.Root, manifest!, progress: progress, cancellation: cancellation), refuse);
    }

    /// <summary>Reads the beginning of a data set's captions. Draws none: those will be as they should be.</summary>
    /// <inheritdoc cref="Of"/>
    public static void Look(IImageDataset dataset, Func<string, string?>? refuse = null)
    {
        if (FolderOf(dataset, out _) is { } folder)
            Look(folder, refuse);
    }

    /// <summary>
    /// Reads a list of captions, or the one of a folder. <c>.tsv</c>: a line for each pair: image, tab, caption. <c>.json</c>: a list of <c>{"image":
    /// ..., "caption": ...}</c>. Images lie beside the list, or in the folder <c>images</c> there, or where an absolute path says; no relative one
    /// leads out of the list's folder.
    /// </summary>
    /// <param name="refuse">Why an absolute path must not be read; null where it may.</param>
    /// <exception cref="DatasetException">There is no such list, or it is damaged: names the file and the line.</exception>
    public static CaptionCorpus Open(string path, Func<string, string?>? refuse = null)
    {
        var list = ListOf(path);
        var pairs = CaptionList.Read(list, refuse ?? (_ => null));
        return pairs.Count > 0 ? new(list, pairs) : throw new DatasetException($"{list} lists no images.");
    }

    /// <summary>Reads the beginning of a list, so that what is wrong with it is told before anything waits for it.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Look(string path, Func<string, string?>? refuse = null)
    {
        var list = ListOf(path);
        if (CaptionList.IsJson(list) && new FileInfo(list).Length > MostJsonLookedAt)
            return;
        if (CaptionList.Read(list, refuse ?? (_ => null), PairsLookedAt).Count == 0)
            throw new DatasetException($"{list} lists no images.");
    }

    /// <returns>Null where they can be drawn.</returns>
    /// <exception cref="DatasetException">There are none, and none can be drawn.</exception>
    private static string? FolderOf(IImageDataset dataset, out DatasetManifest? manifest)
    {
        manifest = null;
        var folder = Path.Combine(dataset.Root, CooccurrenceWorld.Captions);
        if (Directory.Exists(folder))
            return folder;
        manifest = DatasetManifest.Read(dataset.Root);
        return manifest is { Kind: CooccurrenceWorld.Kind, Seed: not null, Splits: not null }
            ? null
            : throw new DatasetException(
                $"captions: {dataset.Name} has no captions ({folder} is missing). Give a folder with {string.Join(" or ", Lists)}, or such a file.");
    }

    /// <returns>Absolute.</returns>
    private static string ListOf(string path)
    {
        if (!Path.Exists(path))
            throw new DatasetException(
                $"captions: there is no file or folder {path}. Give a folder with {string.Join(" or ", Lists)}, or such a file.");
        path = Path.GetFullPath(path);
        return Directory.Exists(path)
            ? Lists.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
                ?? throw new DatasetException($"{path} has neither {string.Join(" nor ", Lists)}.")
            : path;
    }
}
