using System.Text;
using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>
/// Reads <c>events.jsonl</c> from its beginning towards its growing end. A torn last line is not an event yet: it is left
/// until it is whole, or until the next writer overwrites it.
/// </summary>
public sealed class EventLogReader(string path) : IDisposable
{
    private const int Chunk = 1 << 16;

    private FileStream? _file;
    private byte[] _pending = [];

    /// <summary>Bytes of whole, valid lines read so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Sequence number of the last event read; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Why reading cannot go on: a whole line is not the event that is due. Null while all is well.</summary>
    public string? Damage { get; private set; }

    /// <summary>The whole lines that have been added since the last call; none where the file is not there yet.</summary>
    public IEnumerable<RunEvent> ReadNew()
    {
        if (!Open())
            yield break;
        var buffer = new byte[Chunk];
        while (Damage is null)
        {
            // Positioned reads from behind the last whole line: a torn tail may have been replaced since.
            var count = RandomAccess.Read(_file!.SafeFileHandle, buffer, Offset + _pending.Length);
            if (count == 0)
            {
                _pending = [];
                yield break;
            }
            var bytes = _pending.Length == 0 ? buffer.AsMemory(0, count) : (byte[])[.. _pending, .. buffer.AsSpan(0, count)];
            while (Damage is null && bytes.Span.IndexOf((byte)'\n') is var end and >= 0)
            {
                if (Parse(bytes.Span[..end]) is not { } next)
                    yield break;
                bytes = bytes[(end + 1)..];
                Offset += end + 1;
                LastSeq = next.Seq;
                yield return next;
            }
            _pending = bytes.ToArray();
        }
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

    private bool Open()
    {
        if (_file is not null)
            return true;
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private RunEvent? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var next = JsonSerializer.Deserialize<RunEvent>(line, RunJson.Line) ?? throw new JsonException("null is no event");
            if (next.Seq == LastSeq + 1)
                return next;
            Damage = $"{path} is damaged: event {LastSeq + 1} should come next, but {next.Seq} does.";
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            Damage = $"{path} is damaged after event {LastSeq}: {error.Message} The line begins '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)])}'.";
        }
        return null;
    }
}
