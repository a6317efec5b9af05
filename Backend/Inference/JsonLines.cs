using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Inference;

/// <summary>One JSON object a line, both ways over a stream.</summary>
/// <param name="longest">Bytes of the longest line that is read.</param>
internal sealed class JsonLines(Stream stream, int longest)
{
    private readonly byte[] _block = new byte[1 << 16];
    private int _at;
    private int _end;

    public async Task WriteAsync<T>(T value, CancellationToken cancellation) =>
        await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(value, RunJson.Line), (byte)'\n'], cancellation)
            .ConfigureAwait(false);

    /// <returns>Null where the stream ends before a line does.</returns>
    /// <exception cref="IOException">The line is longer than allowed.</exception>
    /// <exception cref="JsonException">It is no such object.</exception>
    public async Task<T?> ReadAsync<T>(CancellationToken cancellation) where T : class
    {
        using var line = new MemoryStream();
        while (true)
        {
            if (_at == _end)
                (_at, _end) = (0, await stream.ReadAsync(_block, cancellation).ConfigureAwait(false));
            if (_end == 0)
                return null;
            var newline = Array.IndexOf(_block, (byte)'\n', _at, _end - _at);
            var until = newline < 0 ? _end : newline;
            line.Write(_block, _at, until - _at);
            _at = newline < 0 ? _end : newline + 1;
            if (line.Length > longest)
                throw new IOException($"A message has more than {longest} bytes.");
            if (newline >= 0)
                return JsonSerializer.Deserialize<T>(line.GetBuffer().AsSpan(0, (int)line.Length), RunJson.Line);
        }
    }
}
