using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Dashboard.Tests.Images;

/// <summary>Writes PNG files of every kind that there is, byte by byte, without the code under test.</summary>
internal static class TestPng
{
    public const int Gray = 0, Rgb = 2, Indexed = 3, GrayAlpha = 4, Rgba = 6;

    /// <param name="samples">One number a sample, row by row.</param>
    /// <param name="palette">RGB triples.</param>
    /// <param name="chunks">Further ones, before the image data.</param>
    public static byte[] Make(int width, int height, int depth, int colour, IReadOnlyList<int> samples, byte[]? palette = null,
        params (string Type, byte[] Data)[] chunks)
    {
        var perRow = samples.Count / height;
        using var raw = new MemoryStream();
        using (var zlib = new ZLibStream(raw, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < height; y++)
                zlib.Write([0, .. Pack([.. samples.Skip(y * perRow).Take(perRow)], depth)]);
        return Assemble(width, height, depth, colour, raw.ToArray(), palette, chunks);
    }

    /// <summary>
    /// An 8-bit image of one byte a pixel, row y filtered by filters[y mod their number]; the file's chunks are as the encoder left them.
    /// </summary>
    /// <param name="edit">Changes the zlib stream before it is put into its chunk.</param>
    public static byte[] Filtered(int width, int height, int colour, byte[] samples, byte[] filters, byte[]? palette = null,
        Func<byte[], byte[]>? edit = null)
    {
        using var raw = new MemoryStream();
        using (var zlib = new ZLibStream(raw, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < height; y++)
            {
                int At(int x, int row) => x < 0 || row < 0 ? 0 : samples[row * width + x];
                var filter = filters[y % filters.Length];
                zlib.Write([filter, .. Enumerable.Range(0, width).Select(x => (byte)(At(x, y) - filter switch
                {
                    1 => At(x - 1, y),
                    2 => At(x, y - 1),
                    3 => (At(x - 1, y) + At(x, y - 1)) / 2,
                    4 => new[] { At(x - 1, y), At(x, y - 1), At(x - 1, y - 1) }
                        .MinBy(near => Math.Abs(At(x - 1, y) + At(x, y - 1) - At(x - 1, y - 1) - near)),
                    _ => 0,
                }))]);
            }
        return Assemble(width, height, 8, colour, (edit ?? (data => data))(raw.ToArray()), palette);
    }

    /// <summary>An image of zeros, whatever its size.</summary>
    public static byte[] Blank(int width, int height, int depth, int colour, byte[]? palette = null)
    {
        var channels = colour switch { Rgb => 3, GrayAlpha => 2, Rgba => 4, _ => 1 };
        var left = height * (1 + (width * (long)channels * depth + 7) / 8);
        var zeros = new byte[1 << 20];
        using var raw = new MemoryStream();
        using (var zlib = new ZLibStream(raw, CompressionLevel.Fastest, leaveOpen: true))
            for (; left > 0; left -= zeros.Length)
                zlib.Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
        return Assemble(width, height, depth, colour, raw.ToArray(), palette);
    }

    private static byte[] Assemble(int width, int height, int depth, int colour, byte[] data, byte[]? palette,
        params (string Type, byte[] Data)[] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)colour);
        return
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. palette is null ? [] : Chunk("PLTE", palette),
            .. chunks.SelectMany(chunk => Chunk(chunk.Type, chunk.Data)), .. Chunk("IDAT", data), .. Chunk("IEND", []),
        ];
    }

    private static byte[] Pack(int[] samples, int depth)
    {
        if (depth == 16)
            return [.. samples.SelectMany(sample => new[] { (byte)(sample >> 8), (byte)sample })];
        var packed = new byte[(samples.Length * depth + 7) / 8];
        for (var i = 0; i < samples.Length; i++)
            packed[i * depth / 8] |= (byte)(samples[i] << (8 - depth - i * depth % 8));
        return packed;
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var chunk = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + body.Length), Crc(body));
        return chunk;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
