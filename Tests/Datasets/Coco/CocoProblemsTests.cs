using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Coco;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Datasets.Coco;

/// <summary>What is wrong with COCO's annotations is told by name, and all of it.</summary>
public sealed class CocoProblemsTests : IDisposable
{
    private const string File = "annotations/instances_train.json";

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Check_AFileWithEveryFault_FindsAllOfThem()
    {
        var coco = SmallCoco.CatsAndDogs().Image(1, "good.jpg").Image(2, "gone.jpg").Image(3, "small.jpg").Image(4, "good.jpg").Image(5,
            "b.jpg").Image(5, "twin.jpg").Image(6, "c.jpg").Image(7, "d.jpg")
            .Annotation(1, 17, SmallCoco.Box(1, 1, 2, 2))
                .Annotation(1, 99, SmallCoco.Box(1, 1, 2, 2))
                .Annotation(77, 17, SmallCoco.Box(1, 1, 2, 2))
                .Annotation(5, 17, "[[1,1,2,2]]")
            .Annotation(6, 17, "{\"size\": [12, 8], \"counts\": [96]}").Annotation(7, 17, "{\"size\": [8, 12], \"counts\": [90, 5]}");
        coco.Annotations[5]!["id"] = 5;
        coco.Annotations.Add(new System.Text.Json.Nodes.JsonObject { ["id"] = 50, ["category_id"] = 3 });
        coco.Images.Add(new System.Text.Json.Nodes.JsonObject { ["id"] = "x", ["file_name"] = "x.jpg" });
        coco.Write(_temp, File, "train");
        System.IO.File.Delete(_temp.File("train/gone.jpg"));
        SmallCoco.AddImage(_temp, "train/small.jpg", 6, 4);
        // Added last: nothing is written outside.
        coco.Image(8, "../../../outside.jpg");
        var annotations = _temp.Write(File, coco.Json);

        var report = DatasetCheck.Run(_temp.Path);

        (ProblemSeverity, string, string)[] expected =
        [
            (ProblemSeverity.Error, annotations, "has an annotation (2) of the category 99, which it does not list"),
            (ProblemSeverity.Warning, annotations, "has an annotation (3) of the image 77, which it does not list"),
            (ProblemSeverity.Error, annotations, "lists two images with the id 5: b.jpg and twin.jpg"),
            (ProblemSeverity.Warning, annotations, "lists the annotation 5 more than once"),
            (ProblemSeverity.Error, annotations, "in annotations, element 7 (byte"),
            (ProblemSeverity.Error, annotations, "in images, element 9 (byte"),
            (ProblemSeverity.Error, annotations, "lists good.jpg as more than one image, the last with the id 4"),
            (ProblemSeverity.Error, annotations, "'../../../outside.jpg', which leads out of"),
            (ProblemSeverity.Error, _temp.File("train/gone.jpg"), "is missing"),
            (ProblemSeverity.Error, annotations, "gives small 12x8, but its image is 6x4"),
            (ProblemSeverity.Error, annotations, "(cat) that has a polygon of 2 corners"),
            (ProblemSeverity.Error, annotations, "(cat) that has runs of 8x12 pixels, but its image has 12x8"),
            (ProblemSeverity.Error, annotations, "(cat) that has runs for 95 pixels, but its image has 12x8"),
        ];
        foreach (var (severity, file, message) in expected)
            Assert.Contains(report.Problems,
                problem => problem.Severity == severity && problem.File == file && problem.Message.Contains(message, StringComparison.Ordinal));
        Assert.All(report.Problems, problem => Assert.EndsWith(".", problem.Remedy, StringComparison.Ordinal));
        // A run does not go on as if nothing were.
        Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path).Samples("train"));
    }

    [Fact]
    public void Check_ThousandsOfOneFault_NamesSomeAndCountsTheRest()
    {
        var coco = SmallCoco.CatsAndDogs().Image(1, "a.jpg");
        for (var i = 0; i < 5000; i++)
            coco.Annotation(1000 + i, 17, "[]");
        coco.Write(_temp, File, "train");
        var problems = DatasetCheck.Run(_temp.Path).Problems.Where(problem =>
            problem.Remedy.StartsWith("It is skipped", StringComparison.Ordinal)).ToList();
        Assert.Equal(21, problems.Count);
        Assert.Contains(problems, problem => problem.Message == "has 4,980 more of these: an annotation of an image that the file does not list");
    }

    [Theory]
    [InlineData("", "is not valid JSON at byte 0")]
    [InlineData("[1, 2]", "is not one JSON object")]
    [InlineData("{\"images\": [{\"id\": 1]}", "is not valid JSON at byte 20 (line 1): ']' is invalid")]
    [InlineData("{\"images\":\n [{\"id\": NaN}]}", "(line 2): 'N' is an invalid start of a value. Copy")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}]}", "lists no categories")]
    [InlineData("{\"images\": [], \"categories\": [{\"id\": 1, \"name\": \"a\"}]}", "lists no images")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}], \"categories\": [{\"id\": 1, \"name\": \"a\"}, {\"id\": 1, \"name\": \"b\"}]}",
        "two categories with the id 1: 'a' and 'b'")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\"}], \"categories\": [{\"id\": 1, \"name\": \"a\"}]} x",
        "is not valid JSON at byte")]
    public void Open_AFileThatIsNone_SaysWhereInOneSentence(string json, string reason)
    {
        var path = _temp.Write(File, json);
        Directory.CreateDirectory(_temp.File("train"));
        var error = Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Open_FilesThatDisagree_NamesBoth()
    {
        var train = SmallCoco.CatsAndDogs().Image(1, "a.jpg").Write(_temp, File, "train");
        var val = new SmallCoco().Category(17, "horse").Image(1, "a.jpg").Write(_temp, "annotations/instances_val.json", "val");
        var error = Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path));
        Assert.Equal($"{val} calls the category 17 'horse', but {train} calls it 'cat'. Give it one name in all files.", error.Message);
    }

    [Theory]
    [InlineData("background")]
    [InlineData("_background_")]
    public void Open_ABackgroundWithAnnotations_IsRefusedInsteadOfShiftingLabels(string name)
    {
        new SmallCoco()
            .Category(0, name)
            .Category(1, "cat")
            .Image(1, "a.jpg")
            .Annotation(1, 0, SmallCoco.Box(1, 1, 2, 2))
            .Write(_temp, File, "train");
        Assert.Contains($"has annotations of the category 0, '{name}'",
            Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("annotations/instances_train.json", "is a named pipe")]
    [InlineData("annotations/train.json", "is not a data set")]
    [InlineData("train/_classes.csv", "is not a data set")]
    [InlineData("a.json", "is not a data set")]
    public async Task Open_APipeInPlaceOfAFile_WaitsForNobody(string file, string reason)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_temp.File(file))!);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [_temp.File(file)]))
            await made.WaitForExitAsync();
        var error = await Assert.ThrowsAsync<DatasetException>(() =>
            Task.Run(() => DatasetCatalog.OpenFolder(_temp.Path)).WaitAsync(TimeSpan.FromMinutes(3)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_NoImageWhereTheyAreLookedFor_NamesTheFolders()
    {
        SmallCoco.CatsAndDogs().Image(1, "a.jpg").Write(_temp, File, "elsewhere/deep");
        Directory.CreateDirectory(_temp.File("train"));
        var error = Assert.Throws<DatasetException>(() => DatasetCatalog.OpenFolder(_temp.Path).Samples("train"));
        Assert.Contains($"lists 1 image, the first as 'a.jpg', but none of them lies in {_temp.File("train")}, ", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_MorePixelsThanAnImageMayHave_IsRefusedBeforeTheyAreAllocated()
    {
        SmallCoco.CatsAndDogs().Image(1, "a.jpg").Annotation(1, 17, SmallCoco.Box(1, 1, 2, 2)).Write(_temp, File, "train");
        _temp.Write(File, System.IO.File.ReadAllText(_temp.File(File)).Replace("\"width\": 12", "\"width\": 2000000000"));
        var sample = DatasetCatalog.OpenFolder(_temp.Path).Samples("train")[0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("2000000000x8 pixels; the limit is 100 megapixels", Assert.Throws<ImageException>(() => sample.ReadTruth()).Message,
            StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Read_HundredsOfMegabytes_AreStreamed()
    {
        // Two hundred times a megabyte of what is skipped, and of elements; the buffer is a quarter of one.
        using var stream = new RepeatedJson(copies: 200);
        var (elements, before) = (0, GC.GetAllocatedBytesForCurrentThread());
        JsonArrayReader.Read(stream, "large.json", ["annotations"], (_, offset, json) =>
        {
            Assert.Equal(RepeatedJson.ElementAt(elements), offset);
            Assert.Equal(RepeatedJson.Element.Length, json.Length);
            elements++;
        });
        Assert.Equal(200, elements);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Read_AnElementWithoutEnd_IsRefusedInBoundedMemory()
    {
        using var stream = new RepeatedJson(copies: 100, endless: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DatasetException>(() => JsonArrayReader.Read(stream, "large.json", ["annotations"], (_, _, _) => { }));
        Assert.Equal("large.json: what begins at byte 16 is longer than 32 MB. Correct the file.", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 160 << 20);
    }
}
