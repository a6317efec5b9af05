using System.Diagnostics;
using System.Net.Sockets;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Text;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Files;

public sealed class RegularFileTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void OpenRead_OfWhatIsNoFile_SaysWhatItIs()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_temp.File("socket")));
        File.CreateSymbolicLink(_temp.File("zero"), "/dev/zero");
        (string Path, string Kind)[] expected =
            [(Pipe("pipe"), "a named pipe"), (_temp.File("socket"), "a socket"), (_temp.File("zero"), "a device"), (_temp.Path, "a folder")];
        foreach (var (path, kind) in expected)
            Assert.Equal($"{path} is {kind}, not a file. Put the file itself there.",
                Assert.Throws<UnreadableFileException>(() => RegularFile.OpenRead(path)).Message);
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(_temp.File("none")));
        Assert.Contains("NUL", Assert.Throws<UnreadableFileException>(() => RegularFile.OpenRead("a\0b")).Message);
    }

    /// <summary>Whoever opened one of them would wait for ever.</summary>
    [Fact]
    public void Readers_OfANamedPipe_RefuseIt()
    {
        Assert.Contains("a named pipe", Assert.Throws<ImageException>(() => ImageFile.ReadRgb(Pipe("a.jpg"))).Message);
        Assert.Contains("a named pipe", Assert.Throws<ImageException>(() => ImageFile.ReadInfo(Pipe("b.jpg"))).Message);
        Assert.Contains("a named pipe", Assert.Throws<CheckpointException>(() => CheckpointFile.Open(Pipe("model.pt"))).Message);
        Assert.Contains("a named pipe", Assert.Throws<UnreadableFileException>(() => WordPieceVocabulary.Open(Pipe("vocab.txt"))).Message);
        Assert.Contains("a named pipe", Assert.Throws<UnreadableFileException>(() => ClipVocabulary.Open(Pipe("bpe.txt"))).Message);
        Assert.Contains("a named pipe", Assert.Throws<DatasetException>(() => CaptionCorpus.Open(Pipe("captions.tsv"))).Message);
        Assert.Contains("a named pipe", Assert.Throws<DatasetException>(() => CaptionCorpus.Open(Pipe("captions.json"))).Message);
    }

    [Theory]
    [InlineData("images/a.png")]
    [InlineData("masks/a.png")]
    [InlineData("tags.csv")]
    [InlineData("classes.txt")]
    [InlineData("splits/train.txt")]
    public void DatasetCheck_OfAnImageFolderWithANamedPipe_NamesIt(string file)
    {
        Directory.CreateDirectory(_temp.File("images"));
        foreach (var id in (string[])["a", "b"])
            ImageFile.WritePng(_temp.File("images", id + ".png"), SmallVoc.Picture(id));
        SmallVoc.AddMask(_temp, "masks", "b", [1]);
        SmallVoc.AddMask(_temp, "masks", "a", [1]);
        _temp.Write("tags.csv", "a,cat\nb,cat\n");
        _temp.Write("classes.txt", "cat\n");
        _temp.Write("splits/train.txt", "a\nb\n");
        RequireNamed(file);
    }

    [Theory]
    [InlineData("JPEGImages/a.jpg")]
    [InlineData("SegmentationClass/a.png")]
    [InlineData("Annotations/a.xml")]
    [InlineData("ImageSets/Segmentation/train.txt")]
    [InlineData("dataset.json")]
    public void DatasetCheck_OfAVocFolderWithANamedPipe_NamesIt(string file)
    {
        SmallVoc.Add(_temp, "a", ["cat"], [1]);
        SmallVoc.List(_temp, "train", "a");
        _temp.Write("dataset.json", """{ "name": "pets", "classes": ["cat"] }""");
        RequireNamed(file);
    }

    private void RequireNamed(string file)
    {
        File.Delete(_temp.File(file));
        Pipe(file);
        var report = DatasetCheck.Run(_temp.Path);
        Assert.True(report.Errors > 0);
        Assert.Contains(report.Problems, problem => problem.ToString().Contains(_temp.File(file)) && problem.ToString().Contains("a named pipe"));
    }

    private string Pipe(string name)
    {
        using var made = Process.Start("mkfifo", _temp.File(name));
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return _temp.File(name);
    }
}
