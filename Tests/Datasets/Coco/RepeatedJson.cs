using System.Text;

namespace Dashboard.Tests.Datasets.Coco;

/// <summary>A large JSON file that nobody has written: one element of a megabyte again and again.</summary>
/// <param name="endless">The first element goes on until the end.</param>
internal sealed class RepeatedJson(int copies, bool endless = false) : Stream
{
    private static readonly byte[] Start = Encoding.UTF8.GetBytes("{\"annotations\":[");

    /// <summary>With what parts it from the next.</summary>
    public static readonly byte[] Element = Encoding.UTF8.GetBytes($"{{\"id\":[{string.Join(',', Enumerable.Repeat("123", 250_000))}]}}");

    private static readonly byte[] Endless = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("123", 250_000))},");

    private readonly IEnumerator<byte[]> _parts = Parts(copies, endless).GetEnumerator();
    private ReadOnlyMemory<byte> _rest;

    public static long ElementAt(int number) => Start.Length + number * (Element.Length + 1L);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_rest.IsEmpty)
        {
            if (!_parts.MoveNext())
                return 0;
            _rest = _parts.Current;
        }
        var read = Math.Min(count, _rest.Length);
        _rest[..read].CopyTo(buffer.AsMemory(offset));
        _rest = _rest[read..];
        return read;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static IEnumerable<byte[]> Parts(int copies, bool endless)
    {
        yield return Start;
        for (var i = 0; i < copies; i++)
        {
            if (endless)
            {
                yield return i == 0 ? Endless : Endless[1..];
                continue;
            }
            yield return Element;
            yield return i + 1 < copies ? [(byte)','] : [(byte)']', (byte)'}'];
        }
    }
}
