using System.Text.Json;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Coco;

namespace Dashboard.Tests.Cli;

public sealed class DataCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DatasetMake_Check_EvaluateAgainstItself_IsSoundAndPerfect()
    {
        var world = Path.Combine(_folder, "world");

        var made =
            await Shell.CallAsync("dataset", "make", "cooccurrence", "--out", world, "--train", "3", "--val", "2", "--seed", "5", "--size", "32");
        var check = await Shell.CallAsync("dataset", "check", world, "--json");
        var masks = Path.Combine(world, "SegmentationClass");
        var score = await Shell.CallAsync("evaluate", "--prediction", masks, "--truth", masks, "--classes", "8", "--json");

        Assert.Equal((0, 0, 0), (made.ExitCode, check.ExitCode, score.ExitCode));
        Assert.Contains("3 images in train", made.Output);
        Assert.Equal(0, JsonDocument.Parse(check.LastLine).RootElement.GetProperty("errors").GetInt32());
        Assert.Equal(1.0, JsonDocument.Parse(score.LastLine).RootElement.GetProperty("miou").GetDouble());
    }

    [Fact]
    public async Task DatasetCheck_TellsWhatWasReadAndWritesPictures()
    {
        using var coco = new TempFolder();
        SmallCoco.CatsAndDogs()
            .Image(1, "a.jpg")
            .Image(2, "b.jpg")
            .Annotation(1, 17, SmallCoco.Box(0, 0, 6, 8))
            .Annotation(2, 3, SmallCoco.Box(0, 0, 3, 8))
            .Write(coco, "annotations/instances_val2017.json", "val2017");
        var pictures = Path.Combine(_folder, "pictures");

        var text = await Shell.AskAsync("dataset", "check", coco.Path, "--overlays", pictures);
        var json = await Shell.AskAsync("dataset", "check", coco.Path, "--json");

        Assert.Equal((0, 0), (text.ExitCode, json.ExitCode));
        Assert.Contains("(COCO annotations), 2 classes", text.Output, StringComparison.Ordinal);
        Assert.Contains("val: 2 images, 2 with mask, 0 without tags, 12x8 pixels, background 62.50 %, ignored 0.00 %", text.Output,
            StringComparison.Ordinal);
        Assert.Matches(@"dog +1 +12\.50 %", text.Output);
        Assert.Contains("look at: a, b (val)", text.Output, StringComparison.Ordinal);
        Assert.Equal(["val-a.jpg", "val-b.jpg"], Directory.GetFiles(pictures).Select(Path.GetFileName).Order());
        var preview = JsonDocument.Parse(json.LastLine).RootElement.GetProperty("preview");
        Assert.Equal(["a", "b"], preview.GetProperty("pictures").EnumerateArray().Select(picture => picture.GetProperty("id").GetString()));
        Assert.Equal(0.25, preview.GetProperty("classes")[1].GetProperty("splits")[0].GetProperty("pixelShare").GetDouble());
    }

    [Fact]
    public async Task DatasetCheck_MissingImage_IsNamedWithExitCode1()
    {
        var world = Path.Combine(_folder, "world");
        await Shell.AskAsync("dataset", "make", "cooccurrence", "--out", world, "--train", "2", "--val", "1", "--size", "32");
        var image = Directory.GetFiles(Path.Combine(world, "JPEGImages"))[0];
        File.Delete(image);

        var check = await Shell.AskAsync("dataset", "check", world);

        Assert.Equal(1, check.ExitCode);
        Assert.Contains($"error: {image}: is missing.", check.Output);
    }

    /// <summary>One object, exit code 1, and nobody waits: whatever stands in the folder.</summary>
    [Theory]
    [InlineData("mkfifo tags.csv", "a named pipe")]
    [InlineData("truncate -s 1G tags.csv", "has 1,024 MB")]
    [InlineData("printf 'a,caf\\351\\n' > tags.csv", "line 1 is not UTF-8 text")]
    [InlineData("printf 'a,cat\\0' > tags.csv", "NUL")]
    [InlineData("echo 'a,void' > tags.csv", "'void'")]
    [InlineData("echo 'a,cat' > tags.csv; chmod 0 tags.csv images; mkfifo classes.txt", "")]
    [InlineData("echo 'a,cat' > tags.csv; rm -r images; ln -s images images", "")]
    public async Task DatasetCheck_HostileFolder_IsOneJsonObjectWithExitCode1(string make, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "images"));
        using (var shell =
            System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/bash", ["-c", make]) { WorkingDirectory = _folder })!)
            await shell.WaitForExitAsync();

        var check = await Shell.AskAsync("dataset", "check", _folder, "--json");

        Assert.Equal(1, check.ExitCode);
        Assert.Equal(1, JsonDocument.Parse(check.Output).RootElement.GetProperty("errors").GetInt32());
        Assert.Contains(expected, check.Error);
        Assert.DoesNotContain("   at ", check.Error);
    }

    [Fact]
    public async Task Evaluate_MissingFolder_IsNamedWithExitCode1()
    {
        var answer = await Shell.AskAsync("evaluate", "--prediction", Path.Combine(_folder, "none"), "--truth", _folder, "--classes", "8");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(Path.Combine(_folder, "none"), answer.Error);
    }
}
