using System.Text;
using Dashboard.Backend.Files;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Files;

public sealed class BoundedTextTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    public void Lines_OfEveryUnicodeEncoding_AreTheSame(string encoding, bool mark)
    {
        var path =
            Write([.. mark ? Encoding.GetEncoding(encoding).GetPreamble() : [], .. Encoding.GetEncoding(encoding).GetBytes("café\r\n\rcafè\nend")]);
        Assert.Equal(["café", "", "cafè", "end"], BoundedText.Lines(path, "a list"));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', (byte)'c', 0xE9, (byte)'\n' }, "line 2 is not UTF-8 text (after 'c')")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'c', 0xE9 }, "line 1 is not UTF-8 text (after 'c')")]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b', 0 }, "line 1 has a NUL character")]
    public void Lines_OfWhatIsNoText_NameFileAndLine(byte[] content, string expected)
    {
        var path = Write(content);
        var error = Assert.Throws<UnreadableFileException>(() => BoundedText.Lines(path, "a list").Count());
        Assert.StartsWith($"{path}: {expected}", error.Message);
    }

    [Fact]
    public void Lines_OfASparseGigabyte_AreRefusedUnread()
    {
        var path = Write([]);
        using (var file = File.OpenWrite(path))
            file.SetLength(1L << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<UnreadableFileException>(() => BoundedText.Lines(path, "a list").Count());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal($"{path} has 1,024 MB; a list has at most 64 MB. Give the right file.", error.Message);
        // One without a limit of its own ends at its first line.
        Assert.Throws<UnreadableFileException>(() => BoundedText.Lines(path, "a list", long.MaxValue, int.MaxValue).Count());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Lines_OfMoreThanAListHas_AreRefusedThere()
    {
        var path = Write("a\nb\nc"u8.ToArray());
        Assert.Equal(3, BoundedText.Lines(path, "a list", mostLines: 3).Count());
        Assert.Equal($"{path} has more than 2 lines. Give a list in parts.",
            Assert.Throws<UnreadableFileException>(() => BoundedText.Lines(path, "a list", mostLines: 2).Count()).Message);
    }

    [Fact]
    public void Lines_OfOneEndlessLine_AreRefusedAtTheLongest()
    {
        var path = Write([.. Enumerable.Repeat((byte)'a', 20 << 20)]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<UnreadableFileException>(() => BoundedText.Lines(path, "a list").Count());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.Contains("line 1 is longer than 1,048,576 characters", error.Message);
    }

    private string Write(byte[] content)
    {
        var path = _temp.File("list.txt");
        File.WriteAllBytes(path, content);
        return path;
    }
}
