using System.Text;
using System.Text.Json;

namespace Dashboard.Backend.Files;

/// <summary>
/// Reads text files that users give, in bounded memory. Text is UTF-8, or UTF-16 and UTF-32 that begin with their mark. What is not text is refused
/// with file and line: characters that are read wrongly would make two names of one, or one of two.
/// </summary>
public static class BoundedText
{
    /// <summary>Bytes of a list of images, tags or classes.</summary>
    public const long ListBytes = 64L << 20;

    /// <summary>Of a list of images: more than any data set has, and few enough to hold in memory with what belongs to each.</summary>
    public const int MostLines = 2_000_000;

    /// <summary>Characters. What is longer is not a line of a list, and is not read into memory to find out.</summary>
    public const int LongestLine = 1 << 20;

    /// <summary>Stands for bytes that are not text; no text holds it.</summary>
    private const char Undecodable = '\uFFFF';

    /// <summary>The lines without their ends, as they are asked for.</summary>
    /// <param name="what">What the file should be: "a list of images".</param>
    /// <param name="most">Bytes that it has at most.</param>
    /// <param name="mostLines">Lines that it has at most.</param>
    /// <exception cref="UnreadableFileException">Too long, no text, or no regular file: names file and line, and says what to do.</exception>
    /// <exception cref="IOException">The file is missing, or cannot be read.</exception>
    public static IEnumerable<string> Lines(string path, string what, long most = ListBytes, int mostLines = MostLines)
    {
        using var file = RegularFile.OpenRead(path);
        RegularFile.RequireLength(path, file.Length, most, what);
        using var reader = new StreamReader(file, EncodingOf(file), detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
        var (line, number) = (new StringBuilder(), 1);
        for (int next; (next = reader.Read()) >= 0;)
        {
            if (next is '\r' && reader.Peek() is '\n')
                continue;
            if (next is '\r' or '\n')
            {
                yield return line.ToString();
                line.Clear();
                if (number++ == mostLines)
                    throw new UnreadableFileException($"{path} has more than {mostLines:N0} lines. Give {what} in parts.");
            }
            else if (next is Undecodable)
                throw new UnreadableFileException(
                    $"{path}: line {number} is not UTF-8 text (after '{End(line)}'). Save the file as UTF-8; a spreadsheet calls it CSV UTF-8.");
            else if (next is '\0')
                throw new UnreadableFileException(
                    $"{path}: line {number} has a NUL character, so the file is not text. Give {what}, saved as UTF-8.");
            else if (line.Length == LongestLine)
                throw new UnreadableFileException($"{path}: line {number} is longer than {LongestLine:N0} characters. Give {what}.");
            else
                line.Append((char)next);
        }
        if (line.Length > 0)
            yield return line.ToString();
    }

    /// <summary>Reads JSON as it streams by.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    /// <inheritdoc cref="Lines"/>
    public static T? Json<T>(string path, string what, JsonSerializerOptions options, long most)
    {
        using var file = RegularFile.OpenRead(path);
        RegularFile.RequireLength(path, file.Length, most, what);
        return JsonSerializer.Deserialize<T>(file, options);
    }

    /// <summary>Leaves the file after its mark.</summary>
    private static Encoding EncodingOf(FileStream file)
    {
        var start = new byte[4];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var (encoding, mark) = start.AsSpan(0, length) switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
            [0xFF, 0xFE, 0, 0] => (Encoding.UTF32, 4),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            _ => (Encoding.UTF8, 0),
        };
        file.Position = mark;
        encoding = (Encoding)encoding.Clone();
        encoding.DecoderFallback = new DecoderReplacementFallback(Undecodable.ToString());
        return encoding;
    }

    private static string End(StringBuilder line)
    {
        const int shown = 20;
        return line.Length <= shown ? line.ToString() : $"...{line.ToString(line.Length - shown, shown)}";
    }
}
