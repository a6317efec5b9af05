using System.Text.Json;

namespace Dashboard.Tests.Cli;

public sealed class DataCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DatasetMake_Check_EvaluateAgainstItself_IsSoundAndPerfect()
    {
        var world = Path.Combine(_folder, "world");

        var made = await Shell.CallAsync("dataset", "make", "cooccurrence", "--out", world, "--train", "3", "--val", "2", "--seed", "5", "--size", "32");
        var check = await Shell.CallAsync("dataset", "check", world, "--json");
        var masks = Path.Combine(world, "SegmentationClass");
        var score = await Shell.CallAsync("evaluate", "--prediction", masks, "--truth", masks, "--classes", "8", "--json");

        Assert.Equal((0, 0, 0), (made.ExitCode, check.ExitCode, score.ExitCode));
        Assert.Contains("3 images in train", made.Output);
        Assert.Equal(0, JsonDocument.Parse(check.LastLine).RootElement.GetProperty("errors").GetInt32());
        Assert.Equal(1.0, JsonDocument.Parse(score.LastLine).RootElement.GetProperty("miou").GetDouble());
    }

    [Fact]
    public async Task DatasetCheck_MissingImage_IsNamedWithExitCode1()
    {
        var world = Path.Combine(_folder, "world");
        await Shell.CallAsync("dataset", "make", "cooccurrence", "--out", world, "--train", "2", "--val", "1", "--size", "32");
        var image = Directory.GetFiles(Path.Combine(world, "JPEGImages"))[0];
        File.Delete(image);

        var check = await Shell.CallAsync("dataset", "check", world);

        Assert.Equal(1, check.ExitCode);
        Assert.Contains($"error: {image}: is missing.", check.Output);
    }

    /// <summary>One object, exit code 1, and nobody waits: whatever stands in the folder.</summary>
    [Theory]
    [InlineData("mkfifo tags.csv", "a named pipe")]
    [InlineData("truncate -s 1G tags.csv", "has 1,024 MB")]
    [InlineData("printf 'a,caf\\351\\n' > tags.csv", "line 1 is no UTF-8 text")]
    [InlineData("printf 'a,cat\\0' > tags.csv", "NUL")]
    [InlineData("echo 'a,void' > tags.csv", "'void'")]
    [InlineData("echo 'a,cat' > tags.csv; chmod 0 tags.csv images; mkfifo classes.txt", "")]
    [InlineData("echo 'a,cat' > tags.csv; rm -r images; ln -s images images", "")]
    public async Task DatasetCheck_HostileFolder_IsOneJsonObjectWithExitCode1(string make, string expected)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "images"));
        using (var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/bash", ["-c", make]) { WorkingDirectory = _folder })!)
            await shell.WaitForExitAsync();

        var check = await Shell.CallAsync("dataset", "check", _folder, "--json");

        Assert.Equal(1, check.ExitCode);
        Assert.Equal(1, JsonDocument.Parse(check.Output).RootElement.GetProperty("errors").GetInt32());
        Assert.Contains(expected, check.Error);
        Assert.DoesNotContain("   at ", check.Error);
    }

    [Fact]
    public async Task Evaluate_MissingFolder_IsNamedWithExitCode1()
    {
        var answer = await Shell.CallAsync("evaluate", "--prediction", Path.Combine(_folder, "none"), "--truth", _folder, "--classes", "8");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(Path.Combine(_folder, "none"), answer.Error);
    }
}
