using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>
/// The built-in data set: objects of eight classes, each nearly always on "its" stuff (trains on railways, boats on water), drawn by a program.
/// It shows in minutes on a CPU what CAMs are known to get wrong: they settle on the small discriminative part, and spill over the co-occurring stuff.
/// </summary>
public static class CooccurrenceWorld
{
    public const string Kind = "cooccurrence";
    public const string Title = "Co-occurrence world";

    /// <summary>Raised whenever the same seed would draw other images.</summary>
    public const int Version = 1;

    /// <summary>Folder of the maps of discriminative parts: 1 on a part.</summary>
    public const string Parts = "Parts";

    /// <summary>Folder of the maps of visible stuff: k+1 where the stuff of class k can be seen.</summary>
    public const string Stuff = "Stuff";

    /// <summary>Folder of the pairs of image and caption.</summary>
    public const string Captions = "Captions";

    public const int DefaultTrain = 1600;
    public const int DefaultVal = 320;

    public static IReadOnlyList<string> Splits { get; } = ["train", "val"];

    /// <summary>Pairs of image and caption that are drawn when they are first asked for.</summary>
    public const int DefaultCaptions = 5000;

    /// <summary>Side of the images, in pixels.</summary>
    public const int DefaultSize = 96;

    /// <summary>Side of the images of the caption corpus, in pixels.</summary>
    public const int CaptionSize = 64;

    /// <summary>
    /// Draws the data set and stores it in VOC layout, with <see cref="Parts"/> and <see cref="Stuff"/> beside the masks.
    /// Image i of a split depends on the seed, the split and i only: a longer set begins with the shorter one.
    /// Written aside and renamed, so the folder is whole or not there; where it already holds this very set, nothing is done.
    /// A second process that makes the same folder waits for the first.
    /// </summary>
    /// <param name="captions">Pairs of image and caption in <c>Captions/</c> (images, captions.tsv); 0 for none.</param>
    /// <param name="size">Side of the images in pixels, 16 to 1024.</param>
    /// <exception cref="DatasetException">A number is out of range, or the folder holds something else.</exception>
    /// <exception cref="OperationCanceledException">Nothing is left behind.</exception>
    public static VocFolder Make(
        string outDir,
        int train = DefaultTrain,
        int val = DefaultVal,
        int captions = 0,
        long seed = 0,
        int size = DefaultSize,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        RequireRange("train", train, 1, 1_000_000);
        RequireRange("val", val, 0, 1_000_000);
        RequireRange("captions", captions, 0, 1_000_000);
        RequireRange("size", size, 16, 1024);
        var manifest = new DatasetManifest
        {
            Name = Title,
            Kind = Kind,
            Version = Version,
            Seed = seed,
            Size = size,
            Splits = Splits.Zip([train, val]).ToDictionary(split => split.First, split => split.Second),
            Captions = captions,
            Classes = WorldClasses.Objects.Names,
            Stuff = WorldClasses.Stuff,
        };

        outDir = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outDir));
        Directory.CreateDirectory(Path.GetDirectoryName(outDir) ?? throw new DatasetException("The root folder cannot hold a data set. Give another folder."));
        // A second process (or thread) must not make the same folder.
        using var guard = FileLock.Take(outDir + ".lock", cancellation);
        if (!IsComplete(outDir, manifest))
            WholeFolder.Write(outDir, aside => WorldWriter.Write(aside, manifest, progress, cancellation));
        return VocFolder.Open(outDir);
    }

    /// <summary>
    /// The folder of the pairs of image and caption of a data set that <see cref="Make"/> has made. Where it was made without, they are drawn now: those
    /// that it would have been made with. A second process that asks for the same waits for the first.
    /// </summary>
    /// <param name="count">Pairs that are drawn where there are none.</param>
    /// <exception cref="DatasetException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Nothing is left behind.</exception>
    public static string MakeCaptions(string root, DatasetManifest manifest, int count = DefaultCaptions, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var folder = Path.Combine(root, Captions);
        if (Directory.Exists(folder))
            return folder;
        try
        {
            using var guard = FileLock.Take(folder + ".lock", cancellation);
            if (!Directory.Exists(folder))
                WholeFolder.Write(folder, aside => WorldWriter.WriteCaptions(aside, manifest, count, progress, cancellation));
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"The captions of {root} cannot be drawn: {error.Message} Make some room there and the folder writable.", error);
        }
    }

    /// <exception cref="DatasetException">The folder holds something that is not this data set.</exception>
    private static bool IsComplete(string outDir, DatasetManifest wanted)
    {
        if (!Directory.Exists(outDir) || !Directory.EnumerateFileSystemEntries(outDir).Any())
            return false;
        if (DatasetManifest.Read(outDir) is { } found && found.IsSameAs(wanted))
            return true;
        throw new DatasetException($"{outDir} holds other files than the data set that is asked for. Give another folder, or delete this one.");
    }

    private static void RequireRange(string name, int value, int low, int high)
    {
        if (value < low || value > high)
            throw new DatasetException($"{name}: {value} is outside {low} .. {high}.");
    }
}
