using System.Text;
using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Log;

/// <summary>
/// Reads <c>events.jsonl</c> from its beginning towards its growing end. A torn last line is not an event yet: it is left
/// until it is whole, or until the next writer overwrites it.
/// </summary>
public sealed class EventLogReader(string path) : IDisposable
{
    private const int Chunk = 1 << 16;

    /// <summary>Bytes. The longest events are pictures of hundreds of images: tens of kilobytes.</summary>
    private const int LongestLine = 16 << 20;

    private FileStream? _file;

    /// <summary>Bytes of whole, valid lines read so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Sequence number of the last event read; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>
    /// Why reading cannot go on: a whole line is not the event that is due. Null while all is well, and again when <see cref="ReadNew"/> finds that
    /// the line was mended, as a worker does that resumes the run.
    /// </summary>
    public string? Damage { get; private set; }

    /// <summary>The whole lines that have been added since the last call; none where the file is not there yet.</summary>
    public IEnumerable<RunEvent> ReadNew()
    {
        Damage = null;
        if (!Open())
            yield break;
        var buffer = new byte[Chunk];
        while (true)
        {
            // Positioned reads from behind the last whole line: a torn tail may have been replaced since.
            var count = ReadAt(Offset, buffer);
            var used = 0;
            while (buffer.AsSpan(used..count).IndexOf((byte)'\n') is var end and >= 0)
            {
                if (Parse(buffer.AsSpan(used, end)) is not { } next)
                    yield break;
                used += end + 1;
                Offset += end + 1;
                LastSeq = next.Seq;
                yield return next;
            }
            if (used > 0)
                continue;
            if (count < buffer.Length)
                yield break;
            if (buffer.Length > LongestLine)
            {
                Damage = $"{Place} is longer than the {LongestLine >> 20} MB that an event may have.";
                yield break;
            }
            buffer = new byte[2 * buffer.Length];
        }
    }

    /// <summary>Before the next read: an open file may not show what another host adds to it, nor that it was put back from a copy.</summary>
    public void Reopen()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>All valid events of a log.</summary>
    public static IReadOnlyList<RunEvent> ReadAll(string path)
    {
        using var reader = new EventLogReader(path);
        return [.. reader.ReadNew()];
    }

    /// <summary>The last valid event of a log; null where there is none.</summary>
    public static RunEvent? ReadLast(string path)
    {
        using var reader = new EventLogReader(path);
        return reader.ReadNew().LastOrDefault();
    }

    private string Place => $"{path} is damaged in line {LastSeq + 1}: it";

    private bool Open()
    {
        if (_file is not null)
            return true;
        try
        {
            // A pipe that somebody has put here has no length, and to open it would wait for a writer. What is a folder says so when it is opened.
            var file = new FileInfo(path);
            if (file is { Exists: true, Length: 0 } || (int)file.Attributes == -1)
                return false;
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Damage = $"{path} cannot be read: {error.Message}";
            return false;
        }
    }

    private int ReadAt(long offset, byte[] buffer)
    {
        var count = 0;
        while (count < buffer.Length && RandomAccess.Read(_file!.SafeFileHandle, buffer.AsSpan(count), offset + count) is var more and > 0)
            count += more;
        return count;
    }

    private RunEvent? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var next = JsonSerializer.Deserialize<RunEvent>(line, RunJson.Strict) ?? throw new JsonException("null");
            if (next.Seq != LastSeq + 1)
                Damage = $"{Place} should be event {LastSeq + 1}, but is event {next.Seq}.";
            else if (RunEventCheck.Fault(next) is { } fault)
                Damage = $"{Place} is not an event that a run can write: {fault}.";
            else
                return next;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            Damage =
                $"{Place} is not an event: {(error is JsonException json ? JsonFault.Of(json) : error.Message)}. It begins "
                + $"'{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)])}'.";
        }
        return null;
    }
}
