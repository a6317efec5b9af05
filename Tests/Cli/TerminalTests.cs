using System.Diagnostics;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

/// <summary>The command line on a terminal, which <c>script</c> provides, and without one.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly string _dataset;

    public TerminalTests()
    {
        _dataset = Path.Combine(_data.Data.Path, "mini");
        CooccurrenceWorld.Make(_dataset, train: 1, val: 1, size: 16);
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Train_OnATerminal_ShowsABarAndThenTheResult()
    {
        var shown = await OnTerminalAsync("train", "cam", "--dataset", _dataset, "--preset", "builtin", "--data", _data.Data.Path);

        Assert.Contains("━━━", shown, StringComparison.Ordinal);
        Assert.Contains("epoch 3/3", shown, StringComparison.Ordinal);
        Assert.Matches(@"cam-\w+ has finished in", shown);
    }

    [Fact]
    public async Task List_OnATerminal_IsATable_AndPlainLinesElsewhere()
    {
        await Shell.AskAsync("train", "cam", "--dataset", _dataset, "--preset", "builtin", "--name", "two [words]", "--data", _data.Data.Path);

        var drawn = await OnTerminalAsync("list", "--data", _data.Data.Path);
        var plain = (await Shell.CallAsync("list", "--data", _data.Data.Path)).Output;

        Assert.Contains("╭", drawn, StringComparison.Ordinal);
        Assert.Contains("two [words]", drawn, StringComparison.Ordinal);
        Assert.Matches(@"^RUN +STATE +mIoU +DONE +DATA SET +NAME\n\S+ +finished +25\.0 +100% .*mini +two \[words\]\n$", plain);
    }

    /// <returns>All that a person would have seen, with the terminal's control sequences; the program has ended with exit code 0.</returns>
    private static async Task<string> OnTerminalAsync(params string[] arguments)
    {
        var command = $"stty cols 160; exec {string.Join(' ', ((string[])[TestProgram.Path, .. arguments]).Select(word => $"'{word}'"))}";
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--command", command, "/dev/null"]) { RedirectStandardInput = true,
            RedirectStandardOutput = true };
        start.Environment["TERM"] = "xterm-256color";
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
        return await output;
    }
}
