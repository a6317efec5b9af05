using System.Buffers.Binary;

namespace Dashboard.Backend.Images.Decoding;

/// <summary>Finds the parts of a file beside its pixels.</summary>
internal static class FileSegments
{
    private const byte StartOfScan = 0xDA;
    private const byte ProgressiveFrame = 0xC2;
    private const int PngSignature = 8;

    /// <summary>What follows <paramref name="start"/> in the first segment of that marker that begins so; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Jpeg(ReadOnlySpan<byte> file, byte marker, ReadOnlySpan<byte> start)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF && file[at + 1] != StartOfScan;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length)
                break;
            var payload = file.Slice(at + 4, length - 2);
            if (file[at + 1] == marker && payload.StartsWith(start))
                return payload[start.Length..];
            at += 2 + length;
        }
        return [];
    }

    /// <summary>A progressive JPEG is held whole as coefficients while it is decoded.</summary>
    public static bool IsProgressive(ReadOnlySpan<byte> jpeg) => !Jpeg(jpeg, ProgressiveFrame, []).IsEmpty;

    /// <summary>The first chunk of that type before the image data; empty where there is none.</summary>
    public static ReadOnlySpan<byte> PngChunk(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        for (var at = PngSignature; at + 8 <= file.Length && !file[(at + 4)..].StartsWith("IDAT"u8);)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 8)
                break;
            if (file[(at + 4)..].StartsWith(type))
                return file.Slice(at + 8, (int)length);
            at += 12 + (int)length;
        }
        return [];
    }

    /// <summary>The first chunk of that type, which may stand behind the image data; empty where there is none.</summary>
    public static ReadOnlySpan<byte> WebPChunk(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        for (var at = 12L; at + 8 <= file.Length;)
        {
            var chunk = file[(int)at..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (length > chunk.Length - 8)
                break;
            if (chunk.StartsWith(type))
                return chunk.Slice(8, (int)length);
            at += 8L + length + (length & 1);
        }
        return [];
    }
}
