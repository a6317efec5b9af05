using System.Security.Cryptography;
using System.Text;

namespace Dashboard.Backend.Datasets;

/// <summary>Tells data sets of one name apart.</summary>
public static class DatasetFingerprint
{
    /// <summary>
    /// Of a split: its classes, and of every image the identifier, the tags, and the sizes of image and mask files. A copy in another folder has the
    /// same. As <see cref="Domain.Runs.Protocol.Fingerprint"/>.
    /// </summary>
    /// <returns>Null for what everybody has: PASCAL VOC and COCO as published, and generated worlds, which their settings tell apart.</returns>
    /// <exception cref="DatasetException">The split cannot be read.</exception>
    public static string? Of(IImageDataset dataset, string split)
    {
        const int shown = 8;
        return dataset.Variant is not null || dataset.IsPublished(split) ? null : OfFiles(dataset, split)[..shown];
    }

    /// <summary>The same of every data set, in full: what was computed of a split's images is kept by it.</summary>
    /// <exception cref="DatasetException">The split cannot be read.</exception>
    public static string OfFiles(IImageDataset dataset, string split)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, string.Join('\n', dataset.Classes.Names));
        foreach (var sample in dataset.Samples(split))
            Add(hash, $"{sample.Id}\n{string.Join(' ', sample.Tags)}\n{Length(sample.ImagePath)}\n{Length(sample.MaskPath)}");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n\n"));

    private static long Length(string? path) => path is not null && new FileInfo(path) is { Exists: true } file ? file.Length : -1;
}
