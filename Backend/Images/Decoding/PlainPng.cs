using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Dashboard.Backend.Images.Decoding;

/// <summary>
/// Label maps are read by the thousand, nearly all of them PNG files of one byte a pixel without interlacing. .NET's zlib unpacks those many times as
/// fast as libpng's. Whatever is not quite as it should be is left to libpng, which says what is wrong.
/// </summary>
internal static unsafe class PlainPng
{
    private const int SignatureLength = 8, ChunkOverhead = 12, HeaderLength = 13;
    private const uint Header = 0x49484452, Data = 0x49444154, End = 0x49454E44; // IHDR, IDAT, IEND
    private const int BandBytes = 1 << 16;

    /// <param name="pixels">Filled, <c>[Height, Width]</c>, where the file is of this kind and whole; anything may be in it otherwise.</param>
    public static bool TryDecode(ReadOnlySpan<byte> file, ImageInfo info, byte[] pixels)
    {
        if (info.BitDepth != 8 || info.Layout is not (PixelLayout.Indexed or PixelLayout.Gray) || FindData(file, out var interlaced) is not { } data
            || interlaced)
            return false;
        fixed (byte* start = file[data])
        {
            using var packed = new UnmanagedMemoryStream(start, data.End.Value - data.Start.Value);
            using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
            try
            {
                return ReadRows(zlib, info.Width, info.Height, pixels) && zlib.ReadByte() < 0;
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
                return false;
            }
        }
    }

    /// <returns>
    /// The compressed rows of a file whose chunks are whole and have the right checksums, and whose rows lie in one of them; null otherwise.
    /// </returns>
    private static Range? FindData(ReadOnlySpan<byte> file, out bool interlaced)
    {
        interlaced = false;
        Range? data = null;
        for (var position = SignatureLength; position + ChunkOverhead <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
            if (length > file.Length - position - ChunkOverhead)
                return null;
            var body = file.Slice(position + 4, 4 + (int)length);
            if (Crc32.HashToUInt32(body) != BinaryPrimitives.ReadUInt32BigEndian(file[(position + 8 + (int)length)..]))
                return null;
            switch (BinaryPrimitives.ReadUInt32BigEndian(body))
            {
                case Header when length == HeaderLength:
                    // Compression and filter have one method each.
                    if (body[14] != 0 || body[15] != 0)
                        return null;
                    interlaced = body[16] != 0;
                    break;
                case Data when data is not null:
                    return null;
                case Data:
                    data = (position + 8)..(position + 8 + (int)length);
                    break;
                case End:
                    return data;
            }
            position += ChunkOverhead + (int)length;
        }
        return null;
    }

    /// <summary>Band by band; the byte before each row names its filter.</summary>
    private static bool ReadRows(ZLibStream zlib, int width, int height, byte[] pixels)
    {
        var rows = Math.Clamp(BandBytes / (width + 1), 1, height);
        var band = ArrayPool<byte>.Shared.Rent(rows * (width + 1));
        try
        {
            for (var y = 0; y < height; y++)
            {
                if (y % rows == 0)
                    zlib.ReadExactly(band, 0, Math.Min(rows, height - y) * (width + 1));
                var filtered = band.AsSpan(y % rows * (width + 1), width + 1);
                var above = y == 0 ? default : pixels.AsSpan((y - 1) * width, width);
                if (!Unfilter(filtered[0], filtered[1..], above, pixels.AsSpan(y * width, width)))
                    return false;
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(band);
        }
    }

    /// <summary>The filters of PNG (ISO/IEC 15948, section 9) for one byte a pixel.</summary>
    /// <param name="above">Empty above the first row, which counts as zeros.</param>
    /// <returns>False where there is no such filter.</returns>
    private static bool Unfilter(byte filter, ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> above, Span<byte> row)
    {
        switch (filter)
        {
            case 0:
            case 2 when above.IsEmpty:
                filtered.CopyTo(row);
                return true;
            case 1:
            case 4 when above.IsEmpty:
                for (var (x, left) = (0, (byte)0); x < row.Length; x++)
                    row[x] = left += filtered[x];
                return true;
            case 2:
                for (var x = 0; x < row.Length; x++)
                    row[x] = (byte)(filtered[x] + above[x]);
                return true;
            case 3:
                for (var (x, left) = (0, 0); x < row.Length; x++)
                    left = row[x] = (byte)(filtered[x] + (left + (above.IsEmpty ? 0 : above[x])) / 2);
                return true;
            case 4:
                for (var (x, left, corner) = (0, 0, 0); x < row.Length; corner = above[x++])
                    left = row[x] = (byte)(filtered[x] + Paeth(left, above[x], corner));
                return true;
            default:
                return false;
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        var estimate = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
