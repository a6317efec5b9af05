using System.Security.Cryptography;
using System.Text;
using Dashboard.Backend.Files;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>
/// A <see cref="SplitSweep"/> on disk, a few hundred bytes an image. "DashSWP" and a zero byte; version 2; number of labels; number of thresholds,
/// then each as float64; number of images, then each: its identifier, number of cells, then a cell's true label and best label (a byte each), level
/// and count. At the end the SHA-256 of all that; version 1 has none, and is read too. Numbers are 7 bits a byte, little-endian; identifiers UTF-8
/// behind their length.
/// </summary>
public static class SplitSweepFile
{
    private const int Version = 2;
    private const int Unsealed = 1;

    /// <summary>Of a split of a million images.</summary>
    private const int LargestFile = 1 << 30;
    private const int MaxThresholds = 1000;

    private static ReadOnlySpan<byte> Magic => "DashSWP\0"u8;

    /// <exception cref="IOException">The disk is full; nothing is left behind.</exception>
    public static void Write(string path, SplitSweep split)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write7BitEncodedInt(Version);
            writer.Write7BitEncodedInt(split.Labels);
            writer.Write7BitEncodedInt(split.Thresholds.Count);
            foreach (var threshold in split.Thresholds)
                writer.Write(threshold);
            writer.Write7BitEncodedInt(split.Images.Count);
            foreach (var (id, sweep) in split.Images)
            {
                writer.Write(id);
                writer.Write7BitEncodedInt(sweep.Cells.Count);
                foreach (var cell in sweep.Cells)
                {
                    writer.Write(cell.Truth);
                    writer.Write(cell.Best);
                    writer.Write7BitEncodedInt(cell.Level);
                    writer.Write7BitEncodedInt(cell.Count);
                }
            }
        }
        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        WholeFile.Write(path, file =>
        {
            file.Write(bytes.Span);
            file.Write(SHA256.HashData(bytes.Span));
        });
    }

    /// <exception cref="InvalidDataException">Not such a file, or damaged: names file and fault.</exception>
    public static SplitSweep Read(string path)
    {
        if (new FileInfo(path).Length > LargestFile)
            throw Damaged(path, $"it is larger than {LargestFile >> 20} MiB");
        var bytes = File.ReadAllBytes(path);
        using var file = new MemoryStream(bytes);
        using var reader = new BinaryReader(file, Encoding.UTF8);
        try
        {
            if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
                throw Damaged(path, "it does not start as a file of scores");
            var version = reader.Read7BitEncodedInt();
            if (version is not (Version or Unsealed))
                throw Damaged(path, $"it is version {version}, but this program reads versions {Unsealed} and {Version}");
            if (version != Unsealed && !IsSealed(bytes))
                throw Damaged(path, "its content has changed since it was written: its SHA-256 differs");
            var labels = Number(reader, path, "labels", 1, LabelMap.Ignore);
            var thresholds = new double[Number(reader, path, "thresholds", 0, MaxThresholds)];
            for (var i = 0; i < thresholds.Length; i++)
                thresholds[i] = reader.ReadDouble();
            // An image has at least two bytes, a cell four: a damaged count asks for no more memory than the file has bytes.
            var images = new (string, ImageSweep)[Number(reader, path, "images", 0, file.Length / 2)];
            for (var i = 0; i < images.Length; i++)
                images[i] = (reader.ReadString(), new ImageSweep(ReadCells(reader, path, file.Length, labels)));
            return new(labels, thresholds, images);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            throw Damaged(path, "it ends too early");
        }
    }

    private static bool IsSealed(ReadOnlySpan<byte> file) =>
        file.Length > SHA256.HashSizeInBytes
            && SHA256.HashData(file[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(file[^SHA256.HashSizeInBytes..]);

    private static SweepCell[] ReadCells(BinaryReader reader, string path, long length, int labels)
    {
        var cells = new SweepCell[Number(reader, path, "cells", 0, length / 4)];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = new(reader.ReadByte(), reader.ReadByte(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
            if (cells[i].Truth >= labels || cells[i].Best >= labels)
                throw Damaged(path, $"it has label {Math.Max(cells[i].Truth, cells[i].Best)} of {labels}");
        }
        return cells;
    }

    private static int Number(BinaryReader reader, string path, string what, int least, long most) =>
        reader.Read7BitEncodedInt() is var number && number >= least && number <= most ? number : throw Damaged(path, $"it says {number} {what}");

    private static InvalidDataException Damaged(string path, string fault) =>
        new($"{path} cannot be read: {fault}. Delete it: it is made again when the run is compared.");
}
