using System.Text;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Tags;

public sealed class TagTableTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public TagTableTests()
    {
        Directory.CreateDirectory(_temp.File("images"));
        foreach (var id in (string[])["a", "b", "c"])
            ImageFile.WritePng(_temp.File("images", id + ".png"), SmallVoc.Picture(id));
    }

    public void Dispose() => _temp.Dispose();

    /// <summary>One table in the forms of spreadsheets, Kaggle, pandas, and label tools.</summary>
    [Theory]
    [InlineData("image_id,labels\na.png,cat;dog\nb.png,cat\nc.png,\n")]
    [InlineData("filename,tag 1,tag 2\na.png,cat,dog\nb.png,cat,\nc.png,,\n")]
    [InlineData("Image Name\tTags\na.png\tcat;dog\nb.png\tcat\nc.png\t\n")]
    [InlineData("file;class;class\r\na.png;cat;dog\r\nb.png;cat;\r\nc.png;;\r\n")]
    [InlineData("whatever,happens\na,cat|dog\nb,cat\nc,\n")]
    [InlineData(",image,labels\n0,a.png,cat;dog\n1,b.png,cat\n2,c.png,\n")]
    [InlineData("image,cat,dog\na.png,1,1\nb.png,1,0\nc.png,0,0\n")]
    [InlineData("filename, background, cat, dog\nimages/a.png, 1, 1, 1\nimages/b.png, 1, 1, 0\nimages/c.png, 1, 0, 0\n")]
    [InlineData("id\tcat\tdog\na\tTrue\tTrue\nb\tTrue\tFalse\nc\tFalse\tFalse\n")]
    [InlineData("a.png,cat\na.png,dog\nb.png,cat\nc.png\n")]
    [InlineData("image,label\na,cat\nb,cat\na,dog\nc,background\n")]
    [InlineData("C:\\photos\\a.png,cat;dog\nC:\\photos\\b.png,cat\nC:\\photos\\c.png\n")]
    [InlineData("\uFEFFimage,tags\na.PNG,cat;dog\nb.jpg,cat\nc,\n")]
    public void Samples_OfTheFormsThatTablesHave_AreTheSame(string table)
    {
        _temp.Write("tags.csv", table);
        var dataset = Open();
        Assert.Equal(["cat", "dog"], dataset.Classes.Names);
        Assert.Equal([[0, 1], [0], []], dataset.Samples("all").Select(sample => sample.Tags));
        Assert.DoesNotContain(DatasetCheck.Run(_temp.Path).Problems, problem => problem.File == _temp.File("tags.csv"));
    }

    [Fact]
    public void Samples_OfAUtf16Table_AreRead()
    {
        File.WriteAllText(_temp.File("tags.csv"), "image\ttags\r\na.png\tcafé\r\nb.png\tcafè\r\nc.png\t\r\n", Encoding.Unicode);
        Assert.Equal(["café", "cafè"], Open().Classes.Names);
    }

    /// <summary>Read as UTF-8, both names would be one.</summary>
    [Fact]
    public void Open_OfAWindows1252Table_NamesTheLine()
    {
        File.WriteAllBytes(_temp.File("tags.csv"), Encoding.Latin1.GetBytes("a,cat\nb,café\nc,cafè\n"));
        Assert.StartsWith($"{_temp.File("tags.csv")}: line 2 is not UTF-8 text", Assert.Throws<DatasetException>(() => Open()).Message);
    }

    [Fact]
    public void Samples_OfAQuoteInsideACell_KeepIt()
    {
        _temp.Write("tags.csv", "a,24\" tv,cat\nb,\"24\"\" tv\",dog\nc,\"cat\"\n");
        Assert.Equal(["24\" tv", "cat", "dog"], Open().Classes.Names);
        Assert.Equal([[0, 1], [0, 2], [1]], Open().Samples("all").Select(sample => sample.Tags));
    }

    [Theory]
    [InlineData("a,cat\nb,\"cat\nc,dog\n", "line 2 opens a quote and does not close it")]
    [InlineData("a,cat\nb,\"cat\" and dog\n", "line 2 has text after the closing quote")]
    [InlineData("a,cat\nb;cat\n", "line 1 is separated by commas, line 2 by semicolons")]
    [InlineData("image,tags,width\na,cat,640\nb,cat,480\n", "columns width are neither")]
    [InlineData("image,split\na,3\nb,4\n", "column split holds numbers")]
    [InlineData("image,label\na,0\nb,1\n", "the tags are numbers (0, 1)")]
    [InlineData("a,1,0\nb,0,1\n", "the tags are numbers")]
    [InlineData("a,\"cat, dog\"\nb,cat\n", "the tag 'cat, dog'")]
    [InlineData("a,['cat']\nb,cat\n", "the tag '['cat']'")]
    [InlineData("a,cat dog\nb,cat\nc,dog\n", "'cat dog' is made of other tags")]
    [InlineData("a,cat;dog\nb,cat\na,bird\n", "line 3 gives 'a' a second time")]
    [InlineData("image,cat,dog\na,1,0\na,0,1\n", "line 3 gives 'a' a second time")]
    [InlineData("a,Cat\nb,cat\n", "twice, also as 'Cat'")]
    [InlineData("a,cat\nb,void\n", "the class 'void'")]
    public void Open_OfATableThatMayMeanTwoThings_RefusesIt(string table, string expected)
    {
        var path = _temp.Write("tags.csv", table);
        var error = Assert.Throws<DatasetException>(() => Open());
        Assert.StartsWith(path, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Samples_OfClassesWithSeparatorsInTheirNames_AreKeptWhole()
    {
        _temp.Write("classes.txt", "door;double door\nwall, brick\n");
        _temp.Write("tags.csv", "a,\"wall, brick\"\nb,door;double door\nc,\n");
        Assert.Equal([[1], [0], []], Open().Samples("all").Select(sample => sample.Tags));
    }

    /// <summary>A misspelt image on the first line is not a header.</summary>
    [Fact]
    public void Check_OfRowsWithoutImage_NamesThem()
    {
        _temp.Write(
            "tags.csv", "aa.png,cat\na,cat\nb,cat\nc,cat\n" + string.Concat(Enumerable.Range(0, 40).Select(number => $"gone{number}.jpg,cat\n")));
        var problem = Assert.Single(DatasetCheck.Run(_temp.Path).Problems, problem => problem.File == _temp.File("tags.csv"));
        Assert.Equal(ProblemSeverity.Warning, problem.Severity);
        Assert.Contains("41 rows without an image", problem.Message);
        Assert.Contains("aa.png, gone0.jpg", problem.Message);
        Assert.EndsWith("and 31 more", problem.Message);
    }

    private ImageFolder Open() => ImageFolder.Open(_temp.Path);
}
