using System.Text.Json;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>Reads arrays of a JSON file's outermost object element by element. The file may be larger than memory; an element may not.</summary>
public static class JsonArrayReader
{
    /// <summary>In bytes. The longest outlines of published data sets take less than one hundredth of it.</summary>
    public const int LongestElement = 32 << 20;

    private const int FirstBuffer = 256 << 10;

    /// <param name="array">The array's name.</param>
    /// <param name="offset">Where the element begins in the file, in bytes.</param>
    /// <param name="json">The element; valid during the call only.</param>
    public delegate void OnElement(string array, long offset, ReadOnlySpan<byte> json);

    /// <param name="arrays">Names of the arrays whose elements are wanted; everything else is checked and skipped.</param>
    /// <exception cref="DatasetException">
    /// The file is not valid JSON, is not an object, or holds an element that is too long: names the byte.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Read(Stream stream, string file, IReadOnlyList<string> arrays, OnElement onElement, CancellationToken cancellation = default)
    {
        var (buffer, length, offset, isFinal) = (new byte[FirstBuffer], 0, 0L, false);
        var state = new JsonReaderState();
        string? array = null;
        var property = "";
        var isFirst = true;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            while (!isFinal && length < buffer.Length)
            {
                var read = stream.Read(buffer, length, buffer.Length - length);
                isFinal = read == 0;
                length += read;
            }
            if (isFirst)
                (length, offset) = WithoutByteOrderMark(buffer, length, file);
            isFirst = false;
            var consumed = Step(buffer.AsSpan(0, length));
            if (isFinal)
                return;
            if (consumed == 0 && length == buffer.Length)
            {
                if (buffer.Length >= LongestElement)
                    throw new DatasetException(
                        $"{file}: what begins at byte {offset:N0} is longer than {LongestElement >> 20} MB. Correct the file.");
                Array.Resize(ref buffer, 2 * buffer.Length);
                continue;
            }
            buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
            (length, offset) = (length - consumed, offset + consumed);
        }

        // Goes as far as whole elements are there.
        int Step(ReadOnlySpan<byte> bytes)
        {
            var reader = new Utf8JsonReader(bytes, isFinal, state);
            try
            {
                while (true)
                {
                    var before = reader;
                    if (!reader.Read())
                        break;
                    if (array is null)
                        Follow(ref reader);
                    else if (reader.TokenType == JsonTokenType.EndArray)
                        array = null;
                    else
                    {
                        var start = (int)reader.TokenStartIndex;
                        if (!reader.TrySkip())
                        {
                            reader = before;
                            break;
                        }
                        onElement(array, offset + start, bytes[start..(int)reader.BytesConsumed]);
                    }
                }
            }
            catch (JsonException error)
            {
                // The text at fault may be quoted.
                var reason = CocoImage.Show(error.Message.Split(" LineNumber:")[0].TrimEnd('.'));
                throw new DatasetException(
                    $"{file} is not valid JSON at byte {offset + reader.BytesConsumed:N0} (line {error.LineNumber + 1:N0}): {reason}. "
                    + "Copy it or export it again.", error);
            }
            state = reader.CurrentState;
            return (int)reader.BytesConsumed;
        }

        void Follow(ref Utf8JsonReader reader)
        {
            if (reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
                throw new DatasetException($"{file} is not a list of annotations: it is not one JSON object.");
            if (reader.CurrentDepth != 1)
                return;
            if (reader.TokenType == JsonTokenType.PropertyName)
                property = Name(ref reader, arrays);
            else if (property.Length > 0 && reader.TokenType == JsonTokenType.StartArray)
                array = property;
        }
    }

    private static string Name(ref Utf8JsonReader reader, IReadOnlyList<string> wanted)
    {
        foreach (var name in wanted)
            if (reader.ValueTextEquals(name))
                return name;
        return "";
    }

    private static (int Length, long Offset) WithoutByteOrderMark(byte[] buffer, int length, string file)
    {
        if (length >= 2 && buffer[0] + buffer[1] == 0xFE + 0xFF && buffer[0] >= 0xFE)
            throw new DatasetException($"{file} is UTF-16 text. Save it as UTF-8.");
        if (!buffer.AsSpan(0, length).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return (length, 0);
        buffer.AsSpan(3, length - 3).CopyTo(buffer);
        return (length - 3, 3);
    }
}
