using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;
using Dashboard.Web.Access;

namespace Dashboard.Tests.Datasets.Captions;

public sealed class CaptionCorpusTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public CaptionCorpusTests()
    {
        Directory.CreateDirectory(_temp.File("images"));
        ImageFile.WritePng(_temp.File("images", "a.png"), SmallVoc.Picture("a"));
        ImageFile.WritePng(_temp.File("b.png"), SmallVoc.Picture("b"));
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Open_FolderWithTsv_GivesItsPairsInOrder()
    {
        var list = _temp.Write("captions.tsv", "a.png\ta cat\tand a dog\n\nb.png\t a bird \r\n");
        var corpus = CaptionCorpus.Open(_temp.Path);
        Assert.Equal(list, corpus.Source);
        Assert.Equal([new(_temp.File("images", "a.png"), "a cat\tand a dog"), new(_temp.File("b.png"), "a bird")], corpus.Pairs);
        Assert.Equal(corpus.Pairs.Select(pair => pair.ImagePath), corpus.Images.Select(sample => sample.ImagePath));
    }

    [Fact]
    public void Open_JsonFile_GivesItsPairs()
    {
        var list = _temp.Write("pairs.json", """[{"image": "images/a.png", "caption": "a cat", "id": 3}, {"image": "b.png", "caption": "a bird"}]""");
        Assert.Equal([new(_temp.File("images/a.png"), "a cat"), new(_temp.File("b.png"), "a bird")], CaptionCorpus.Open(list).Pairs);
    }

    [Theory]
    [InlineData("captions.tsv", "a.png\ta cat\nb.png a bird\n", "line 2 has no tab")]
    [InlineData("captions.tsv", "a.png\ta cat\n\nc.png\ta bird\n", "line 3 names c.png")]
    [InlineData("captions.tsv", "a.png\t\n", "line 1 has no caption")]
    [InlineData("captions.tsv", "\ta cat\n", "line 1 names no image")]
    [InlineData("captions.tsv", "\n", "lists no image")]
    [InlineData("captions.json", "[\n{\"image\": \"a.png\", \"caption\": \"a cat\"},\n{\"image\": 3, \"caption\": \"a bird\"}]",
        "line 3 ($[1].image)")]
    [InlineData("captions.json", "[\n{\"image\": \"a.png\",", "line 2 ")]
    [InlineData("captions.json", "[null]", "entry 1 names no image")]
    [InlineData("captions.json", "[{\"image\": \"a.png\"}]", "entry 1 has no caption")]
    [InlineData("captions.json", "[]", "lists no image")]
    [InlineData("captions.tsv", "a.png\ta cat\nb\0.png\ta bird\n", "line 2 has a NUL character")]
    [InlineData("captions.tsv", "\0\t\n", "line 1 has a NUL character")]
    [InlineData("captions.tsv", "/\0\ta bird\n", "line 1 has a NUL character")]
    [InlineData("captions.json", "[{\"image\": \"\\u0000\", \"caption\": \"a cat\"}]", "entry 1 names an image with a NUL character")]
    [InlineData("captions.json", "[{\"image\": \"\\ud800.png\", \"caption\": \"a cat\"}]", "line 1 ($[0].image)")]
    public void Open_DamagedList_NamesFileAndPlace(string name, string content, string fault)
    {
        var list = _temp.Write(name, content);
        var error = Assert.Throws<DatasetException>(() => CaptionCorpus.Open(_temp.Path));
        Assert.StartsWith(list, error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 300, "is neither in ")]
    [InlineData("/", 300, "which is not there")]
    [InlineData("", 5000, "by 5,000 characters")]
    [InlineData("/", 5000, "by 5,001 characters")]
    public void Open_NameTooLong_NamesThePlace(string root, int length, string fault)
    {
        var list = _temp.Write("captions.tsv", $"a.png\ta cat\n{root}{new string('x', length)}\ta bird\n");
        var error = Assert.Throws<DatasetException>(() => CaptionCorpus.Open(list, RefuseNothing));
        Assert.StartsWith($"{list}: line 2 names ", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);

        static string? RefuseNothing(string path) => RealPath.Of(path).Length == 0 ? "" : null;
    }

    /// <summary>A file without line ends is not read as one line.</summary>
    [Fact]
    public void Look_LineOfAnyLength_IsRefusedBeforeItIsRead()
    {
        var list = _temp.Write("captions.tsv", "");
        using (var file = File.OpenWrite(list))
        {
            file.Write("a.png\ta cat\r\n"u8);
            // As long as no string can be: nothing of it lies on the disk.
            file.SetLength(3L << 30);
        }
        Assert.Contains("line 2 has a NUL character", Assert.Throws<DatasetException>(() => CaptionCorpus.Look(list)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.png\ta cat\rb.png\ta bird\r")]
    [InlineData("a.png\ta cat\r\nb.png\ta bird\r\n")]
    [InlineData("a.png\ta cat\nb.png\ta bird")]
    public void Open_LineEndsOfAnySystem_EndLines(string content)
    {
        _temp.Write("captions.tsv", content);
        Assert.Equal(["a cat", "a bird"], CaptionCorpus.Open(_temp.Path).Captions);
    }

    [Theory]
    [InlineData("captions.tsv", "a.png\ta cat\n../outside.png\ta bird\n", "line 2 names ../outside.png, which leads out of ")]
    [InlineData("captions.tsv", "images/../../outside.png\ta bird\n", "line 1 names images/../../outside.png, which leads out of ")]
    [InlineData("captions.json", "[{\"image\": \"../../outside.png\", \"caption\": \"a cat\"}]",
        "entry 1 names ../../outside.png, which leads out of ")]
    public void Open_RelativePathOutOfTheFolder_IsRefusedWhetherItIsThereOrNot(string name, string content, string fault)
    {
        var list = _temp.Write(Path.Combine("lists", name), content);
        Directory.CreateDirectory(_temp.File("lists", "images"));
        ImageFile.WritePng(_temp.File("lists", "a.png"), SmallVoc.Picture("a"));
        ImageFile.WritePng(_temp.File("outside.png"), SmallVoc.Picture("b"));
        var error = Assert.Throws<DatasetException>(() => CaptionCorpus.Open(list));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, Assert.Throws<DatasetException>(() => CaptionCorpus.Look(list)).Message);
    }

    [Fact]
    public void Open_AbsolutePath_IsReadWhereItMayBe()
    {
        using var elsewhere = new TempFolder();
        ImageFile.WritePng(elsewhere.File("c.png"), SmallVoc.Picture("c"));
        var list = _temp.Write("captions.tsv", $"{elsewhere.File("c.png")}\ta cat\n");
        Assert.Equal([new(elsewhere.File("c.png"), "a cat")], CaptionCorpus.Open(list).Pairs);

        var error = Assert.Throws<DatasetException>(() => CaptionCorpus.Open(list, folder => $"{folder} is not yours."));
        Assert.Equal($"{list}: line 1 names {elsewhere.File("c.png")}: {elsewhere.Path} is not yours.", error.Message);

        File.Delete(elsewhere.File("c.png"));
        Assert.Contains("c.png, which is not there", Assert.Throws<DatasetException>(() => CaptionCorpus.Open(list)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>It is the file that a relative path names, too.</summary>
    [Fact]
    public void Open_AbsolutePathInTheListsOwnFolder_IsRead()
    {
        var list = _temp.Write("captions.tsv", $"{_temp.File("b.png")}\ta bird\n{_temp.File("images", "a.png")}\ta cat\n");
        Assert.Equal([_temp.File("b.png"), _temp.File("images", "a.png")],
            CaptionCorpus.Open(list, _ => "It is not yours.").Pairs.Select(pair => pair.ImagePath));
    }

    /// <summary>A link is held to where it leads, as everywhere.</summary>
    [Fact]
    public void Open_LinkOutOfAnAllowedFolder_IsRefused()
    {
        using var allowed = new TempFolder();
        var roots = new AllowedRoots([allowed.Path]);
        ImageFile.WritePng(allowed.File("c.png"), SmallVoc.Picture("c"));
        File.CreateSymbolicLink(allowed.File("inner.png"), allowed.File("c.png"));
        File.CreateSymbolicLink(allowed.File("outer.png"), _temp.File("b.png"));
        File.CreateSymbolicLink(allowed.File("round.png"), allowed.File("round.png"));
        var list = _temp.Write("captions.tsv", $"{allowed.File("c.png")}\ta cat\n{allowed.File("inner.png")}\ta cat\n");
        Assert.Equal(2, CaptionCorpus.Open(list, roots.Refuse).Pairs.Count);

        foreach (var (name, fault) in new[] { ("outer.png", "lies outside the folders"), ("round.png", "go round in a circle") })
        {
            _temp.Write("captions.tsv", $"{allowed.File("c.png")}\ta cat\n{allowed.File(name)}\ta bird\n");
            var error = Assert.Throws<DatasetException>(() => CaptionCorpus.Open(list, roots.Refuse));
            Assert.StartsWith($"{list}: line 2 names {allowed.File(name)}: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Before a run is made: quick however long the list is.</summary>
    [Fact]
    public void Look_LongList_ReadsItsBeginning()
    {
        var list = _temp.Write("captions.tsv", string.Concat(Enumerable.Repeat("a.png\ta cat\n", 1000)) + "a line without a tab\n");
        CaptionCorpus.Look(list);
        Assert.Contains("line 1001 has no tab", Assert.Throws<DatasetException>(() => CaptionCorpus.Open(list)).Message, StringComparison.Ordinal);
        _temp.Write("captions.tsv", string.Concat(Enumerable.Repeat("a.png\ta cat\n", 999)) + "a line without a tab\n");
        Assert.Contains("line 1000 has no tab", Assert.Throws<DatasetException>(() => CaptionCorpus.Look(list)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "neither captions.tsv nor captions.json")]
    [InlineData("gone.tsv", "there is no file or folder")]
    [InlineData("b.png", "neither .tsv nor .json")]
    public void Open_NoList_SaysWhatIsLookedFor(string name, string fault) =>
        Assert.Contains(fault, Assert.Throws<DatasetException>(() => CaptionCorpus.Open(_temp.File(name))).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_WorldMadeWithCaptions_IsThose()
    {
        var world = CooccurrenceWorld.Make(_temp.File("world"), train: 1, val: 0, captions: 3, size: 16);
        Assert.Equal(3, CaptionCorpus.Of(world).Pairs.Count);
    }

    [Fact]
    public void Of_FolderWithoutCaptions_NamesTheOption()
    {
        _temp.Write("tags.csv", "a,cat\n");
        var error = Assert.Throws<DatasetException>(() => CaptionCorpus.Of(ImageFolder.Open(_temp.Path)));
        Assert.StartsWith("captions: ", error.Message, StringComparison.Ordinal);
    }
}
