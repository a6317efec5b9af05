using System.Diagnostics;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Pretrained;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Inference;

/// <summary>Against the real process.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class InferenceClientTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly DataFolder _data;
    private readonly InferenceClient _client;

    public InferenceClientTests()
    {
        _data = new DataFolder(_folder.File("data"));
        _client = Open(_data);
        new ModelCatalog(_data.Path).Add(SmallClip.Write(_folder.File("small")));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ask_UnknownModel_SaysWhatIsKnownAndLivesOn()
    {
        Assert.Contains("Known: ", (await Assert.ThrowsAsync<InferenceException>(() => _client.AskAsync(new SelfTestRequest("nosuch")))).Message,
            StringComparison.Ordinal);
        var process = _client.ProcessId;
        Assert.True((await _client.AskAsync(new SelfTestRequest("small"))).Passed);
        Assert.Equal(process, _client.ProcessId);
    }

    [Fact]
    public async Task Ask_ManyAtOnce_OneProcessAnswersAll()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _client.AskAsync(new SelfTestRequest("small"))));
        Assert.All(reports, report => Assert.True(report.Passed));
        Assert.Single(reports.Select(_ => _client.ProcessId).Distinct());
    }

    [Fact]
    public async Task Ask_ProcessKilledBetweenRequests_AnotherAnswers()
    {
        await _client.AskAsync(new SelfTestRequest("small"));
        var killed = _client.ProcessId!.Value;
        Shell($"kill -KILL {killed}");

        Assert.True((await _client.AskAsync(new SelfTestRequest("small"))).Passed);
        Assert.NotEqual(killed, _client.ProcessId);
    }

    [Fact]
    public async Task Ask_ProcessKilledDuringTheRequest_SaysSoAndTheNextIsAnswered()
    {
        // A model that takes a while to read, and is open for as long.
        var path = SmallClip.Write(_folder.File("large"), vocabulary: false,
            alter: tensors => tensors["token_embedding.weight"] = TensorData.Of(new float[1_000_000 * 16], 1_000_000, 16));
        string? message = null;
        // One that had read it before it was killed is followed by another.
        for (var attempt = 0; message is null && attempt < 20; attempt++)
        {
            // An earlier refusal is not among its last words.
            await Assert.ThrowsAsync<InferenceException>(() => _client.AskAsync(new SelfTestRequest("nosuch")));
            var process = _client.ProcessId!.Value;
            var asked = _client.AskAsync(new SelfTestRequest(path));
            await TemporaryData.Until(() => asked.IsCompleted || Opened(process).Contains(Path.Combine(path, "model.safetensors")),
                "the model to be opened");
            Shell($"kill -KILL {process}");
            message = (await Record.ExceptionAsync(() => asked))?.Message;
        }

        Assert.Contains("signal 9", message, StringComparison.Ordinal);
        Assert.EndsWith("it will be restarted.", message, StringComparison.Ordinal);
        Assert.True((await _client.AskAsync(new SelfTestRequest("small"))).Passed);
    }

    [Fact]
    public async Task Ask_NoAnswerInTime_EndsTheProcess()
    {
        await _client.AskAsync(new SelfTestRequest("small"));
        var process = _client.ProcessId!.Value;
        Shell($"kill -STOP {process}");
        var asked = _client.AskAsync(new SelfTestRequest("small"));
        await TemporaryData.Until(() => Connections() >= 2, "the connection");
        _time.Advance(InferenceClient.DefaultPatience);

        Assert.Contains("within 300 s", (await Assert.ThrowsAsync<InferenceException>(() => asked)).Message, StringComparison.Ordinal);
        await TemporaryData.Until(() => !Lives(process), "the end of the process");
        Assert.True((await _client.AskAsync(new SelfTestRequest("small"))).Passed);
    }

    [Fact]
    public async Task Ask_Cancelled_ReturnsAtOnce()
    {
        await _client.AskAsync(new SelfTestRequest("small"));
        var process = _client.ProcessId!.Value;
        Shell($"kill -STOP {process}");
        using var cancel = new CancellationTokenSource();
        var asked = _client.AskAsync(new SelfTestRequest("small"), cancel.Token);
        await TemporaryData.Until(() => Connections() >= 2, "the connection");
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        Shell($"kill -CONT {process}");
        Assert.True((await _client.AskAsync(new SelfTestRequest("small"))).Passed);
        Assert.Equal(process, _client.ProcessId);
    }

    [Fact]
    public async Task Idle_ProcessIsEndedAndComesBack()
    {
        await _client.AskAsync(new SelfTestRequest("small"));
        var process = _client.ProcessId!.Value;
        _time.Advance(InferenceClient.DefaultIdle);
        await TemporaryData.Until(() => !Lives(process), "the end of the process");
        Assert.Null(_client.ProcessId);
        Assert.True((await _client.AskAsync(new SelfTestRequest("small"))).Passed);
    }

    [Fact]
    public async Task Ask_ProgramThatIsNone_SaysSo()
    {
        await using var client = new InferenceClient(_data, new DashboardProgram(["/nowhere/dashboard"]), _time);
        Assert.Contains("/nowhere/dashboard",
            (await Assert.ThrowsAsync<InferenceException>(() => client.AskAsync(new SelfTestRequest("small")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ProgramThatEnds_GivesItsLastWords()
    {
        await using var client = new InferenceClient(_data, new DashboardProgram(["/bin/sh", "-c", "echo no tensor library >&2; exit 3"]), _time);
        var message = (await Assert.ThrowsAsync<InferenceException>(() => client.AskAsync(new SelfTestRequest("small")))).Message;
        Assert.Contains("exit code 3", message, StringComparison.Ordinal);
        Assert.Contains("no tensor library", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ProgramThatCrashes_SaysSoInASentence_AndLogsWhatItPrinted()
    {
        var log = new KeptLog<InferenceClient>();
        await using var client = new InferenceClient(
            _data, new DashboardProgram(["/bin/sh", "-c", "echo Unhandled exception. >&2; echo '   at Some.Method()' >&2; kill -ABRT $$"]), _time,
            log: log);

        var message = (await Assert.ThrowsAsync<InferenceException>(() => client.AskAsync(new SelfTestRequest("small")))).Message;

        Assert.Contains("signal 6", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Some.Method", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Contains(log.Lines, line => line.Contains("at Some.Method()", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ask_DataFolderTooDeepForASocket_Works()
    {
        var deep = new DataFolder(_folder.File([.. Enumerable.Repeat("a-rather-long-name-of-a-folder", 5)]));
        new ModelCatalog(deep.Path).Add(_folder.File("small"));
        await using var client = Open(deep);
        Assert.True((await client.AskAsync(new SelfTestRequest("small"))).Passed);
    }

    private InferenceClient Open(DataFolder data) => new(data, new DashboardProgram([TestProgram.Path, "--data", data.Path]), _time);

    /// <summary>Sockets of the process's address: the one that listens, and one a connection.</summary>
    private int Connections() =>
        File.ReadAllLines("/proc/net/unix").Count(line => line.EndsWith(Path.Combine(_data.Path, "inference.sock"), StringComparison.Ordinal));

    private static List<string?> Opened(int process) =>
        [.. Directory.EnumerateFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget)];

    private static bool Lives(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It is gone, before the file was opened or before it was read.
            return false;
        }
    }

    private static void Shell(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", command]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
