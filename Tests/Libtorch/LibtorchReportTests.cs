using System.Diagnostics;
using System.Text.Json;
using Dashboard.Backend.Libtorch;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Libtorch;

/// <summary>What the program says of its libtorch: its own, or that of the variable DASHBOARD_LIBTORCH.</summary>
public sealed class LibtorchReportTests : IDisposable
{
    private static readonly string Own = Path.Combine(AppContext.BaseDirectory, "libtorch");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Devices_OwnLibtorch_SaysVersionAndFolder()
    {
        var report = await ReportAsync(null);

        Assert.Null(report.Problem);
        Assert.Matches(@"^2\.\d+\.\d+", report.Version);
        Assert.Equal(Path.GetFullPath(Own), report.Folder);
        Assert.Equal("cpu", report.Devices[0]);
        Assert.Null(report.Fault("cpu"));
        Assert.Contains("sees no cuda:99, only cpu", report.Fault("cuda:99"));
    }

    [Theory]
    [InlineData("torch")]
    [InlineData("torch/lib")]
    public async Task Devices_LibtorchElsewhere_IsUsedInstead(string named)
    {
        Link("torch/lib", "libtorch.so", "libtorch_cpu.so", "libc10.so", "libgomp-98b21ff3.so.1");

        var report = await ReportAsync(_folder.File(named));

        Assert.Null(report.Problem);
        Assert.Equal(_folder.File("torch/lib"), report.Folder);
    }

    [Fact]
    public async Task Devices_LibraryIsMissing_SaysWhichAndWhatToDo()
    {
        Link("torch/lib", "libtorch.so", "libtorch_cpu.so", "libc10.so");

        var problem = (await ReportAsync(_folder.File("torch"))).Problem;

        Assert.StartsWith($"{_folder.File("torch/lib/libtorch_cpu.so")} needs libgomp-98b21ff3.so.1, which is not in {_folder.File("torch/lib")}",
            problem);
        Assert.Contains("let DASHBOARD_LIBTORCH name", problem);
    }

    [Fact]
    public async Task Devices_FolderWithoutLibtorch_SaysWhatToName()
    {
        var report = await ReportAsync(_folder.Path);

        Assert.Equal(
            $"DASHBOARD_LIBTORCH names {_folder.Path}, but libtorch_cpu.so is neither in it nor in its folder lib: "
            + "let DASHBOARD_LIBTORCH name the folder of an installed PyTorch, such as /opt/venv/lib/python3.12/site-packages/torch, or leave it out.",
            report.Problem);
        Assert.Equal(report.Problem, report.Fault("cpu"));
    }

    private void Link(string folder, params string[] libraries)
    {
        Directory.CreateDirectory(_folder.File(folder));
        foreach (var library in libraries)
            File.CreateSymbolicLink(Path.Combine(_folder.File(folder), library), Path.Combine(Own, library));
    }

    private static async Task<LibtorchReport> ReportAsync(string? libtorch)
    {
        var start = new ProcessStartInfo(TestProgram.Path, ["devices", "--json"]) { RedirectStandardOutput = true };
        start.Environment["DASHBOARD_LIBTORCH"] = libtorch;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var report = JsonSerializer.Deserialize<LibtorchReport>(output, RunJson.Line)!;
        Assert.Equal(report.Problem is null ? 0 : 1, process.ExitCode);
        return report;
    }
}
