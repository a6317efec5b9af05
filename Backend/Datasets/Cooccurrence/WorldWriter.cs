using System.Runtime.ExceptionServices;
using System.Text;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>Draws the images on all cores and writes them in VOC layout.</summary>
internal static class WorldWriter
{
    private const int JpegQuality = 95;

    public static void Write(string root, DatasetManifest manifest, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        var (seed, size) = (manifest.Seed!.Value, manifest.Size!.Value);
        string[] folders =
            ["JPEGImages", "SegmentationClass", "Annotations", "ImageSets/Segmentation", CooccurrenceWorld.Parts, CooccurrenceWorld.Stuff];
        foreach (var folder in folders)
            Directory.CreateDirectory(Path.Combine(root, folder));

        var splitNumber = 0;
        foreach (var (split, count) in manifest.Splits!)
        {
            var stream = splitNumber++;
            ForEach(count, $"{split} images", i => WriteImage(root, Id(split, i), size, new(seed, stream, i)), progress, cancellation);
            if (count > 0)
                File.WriteAllLines(Path.Combine(root, "ImageSets/Segmentation", split + ".txt"),
                    Enumerable.Range(0, count).Select(i => Id(split, i)));
        }
        if (manifest.Captions > 0)
            WriteCaptions(Path.Combine(root, CooccurrenceWorld.Captions), manifest, manifest.Captions.Value, progress, cancellation);
        manifest.Write(root);
    }

    private static string Id(string split, int index) => $"{split}_{index:000000}";

    private static void WriteImage(string root, string id, int size, RandomStream random)
    {
        var scene = Scene.Weak(random);
        var canvas = ScenePainter.Paint(scene, random, size);
        ImageFile.WriteJpeg(Path.Combine(root, "JPEGImages", id + ".jpg"), canvas.ToImage(), JpegQuality, ChromaSubsampling.None);
        ImageFile.WriteLabels(Path.Combine(root, "SegmentationClass", id + ".png"), canvas.Map(canvas.Labels));
        ImageFile.WriteLabels(Path.Combine(root, CooccurrenceWorld.Parts, id + ".png"), canvas.Map(canvas.Parts));
        ImageFile.WriteLabels(Path.Combine(root, CooccurrenceWorld.Stuff, id + ".png"), canvas.Map(canvas.Stuff));
        File.WriteAllText(Path.Combine(root, "Annotations", id + ".xml"), Annotation(id, size, scene.Objects));
    }

    /// <summary>VOC's annotation without boxes; the names need no escaping.</summary>
    private static string Annotation(string id, int size, IEnumerable<int> objects)
    {
        var xml =
            new StringBuilder($"<annotation><filename>{id}.jpg</filename><size><width>{size}</width><height>{size}</height><depth>3</depth></size>");
        foreach (var objectClass in objects)
            xml.Append($"<object><name>{WorldClasses.Objects.Names[objectClass]}</name><difficult>0</difficult></object>");
        return xml.Append("</annotation>\n").ToString();
    }

    /// <summary><c>captions.tsv</c>: file name, tab, caption. Pair i depends on the seed, the number of splits and i only.</summary>
    public static void WriteCaptions(string folder, DatasetManifest manifest, int count, IProgress<WorkProgress>? progress,
        CancellationToken cancellation)
    {
        var (seed, stream) = (manifest.Seed!.Value, manifest.Splits!.Count);
        var images = Path.Combine(folder, "images");
        Directory.CreateDirectory(images);
        var captions = new string[count];
        ForEach(count, "captioned images", i =>
        {
            var random = new RandomStream(seed, stream, i);
            var scene = Scene.Web(random);
            var canvas = ScenePainter.Paint(scene, random, CooccurrenceWorld.CaptionSize);
            ImageFile.WriteJpeg(Path.Combine(images, $"{i:000000}.jpg"), canvas.ToImage(), JpegQuality, ChromaSubsampling.None);
            captions[i] = SceneCaption.Write(scene, canvas.ColorWords, random);
        }, progress, cancellation);
        File.WriteAllLines(Path.Combine(folder, "captions.tsv"), captions.Select((caption, i) => $"{i:000000}.jpg\t{caption}"));
    }

    private static void ForEach(int count, string stage, Action<int> work, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        const int ReportEvery = 32;
        var done = 0;
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            {
                work(i);
                var finished = Interlocked.Increment(ref done);
                if (finished % ReportEvery == 0 || finished == count)
                    progress?.Report(new(stage, finished, count));
            });
        }
        catch (AggregateException error) when (error.InnerExceptions.Count > 0)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
