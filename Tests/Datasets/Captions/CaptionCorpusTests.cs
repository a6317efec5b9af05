using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Images;

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
    [InlineData("captions.json", "[\n{\"image\": \"a.png\", \"caption\": \"a cat\"},\n{\"image\": 3, \"caption\": \"a bird\"}]", "line 3 ($[1].image)")]
    [InlineData("captions.json", "[\n{\"image\": \"a.png\",", "line 2 ")]
    [InlineData("captions.json", "[null]", "entry 1 names no image")]
    [InlineData("captions.json", "[{\"image\": \"a.png\"}]", "entry 1 has no caption")]
    [InlineData("captions.json", "[]", "lists no image")]
    public void Open_DamagedList_NamesFileAndPlace(string name, string content, string fault)
    {
        var list = _temp.Write(name, content);
        var error = Assert.Throws<DatasetException>(() => CaptionCorpus.Open(_temp.Path));
        Assert.StartsWith(list, error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("captions.tsv", "a.png\ta cat\n../outside.png\ta bird\n", "line 2 names ../outside.png, which leads out of ")]
    [InlineData("captions.tsv", "images/../../outside.png\ta bird\n", "line 1 names images/../../outside.png, which leads out of ")]
    [InlineData("captions.json", "[{\"image\": \"../../outside.png\", \"caption\": \"a cat\"}]", "entry 1 names ../../outside.png, which leads out of ")]
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
        Assert.Contains("c.png, which is not there", Assert.Throws<DatasetException>(() => CaptionCorpus.Open(list)).Message, StringComparison.Ordinal);
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
