using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

/// <summary>Two real dashboards on one data folder: whatever becomes of the one that leads, each run runs once.</summary>
public sealed class TwoDashboardsTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly List<Dashboard> _dashboards = [];

    public void Dispose()
    {
        _dashboards.ForEach(dashboard => dashboard.Dispose());
        _data.Dispose();
    }

    /// <summary>
    /// First it is stopped, and goes on when the other one has long taken its place; then that one is killed. Runs go on and wait all the time.
    /// </summary>
    [Fact]
    public async Task LeaderStoppedAndContinued_ThenTheNextKilled_EachRunRunsOnce()
    {
        var first = Queue("1", "held");
        var (one, other) = (await ServeAsync(), await ServeAsync());
        Assert.True(await one.IsLeadingAsync());
        Assert.False(await other.IsLeadingAsync());
        Assert.Contains($"(process {one.Process.Id}) leads this data folder", other.Announced, StringComparison.Ordinal);
        await TemporaryData.Until(() => HasBegun(first), "the first run to begin");
        var (second, third) = (Queue("2", "held"), Queue("3", "held"));

        await one.SignalAsync("STOP");
        await UntilAsync(other.IsLeadingAsync);
        CountingMethod.LetGo(first);
        await one.SignalAsync("CONT");
        await UntilAsync(async () => !await one.IsLeadingAsync());
        await TemporaryData.Until(() => HasBegun(second), "the second run to begin");
        var launched = _data.Data.Run(await one.LaunchAsync());

        other.Process.Kill();
        await UntilAsync(one.IsLeadingAsync);
        Assert.Equal("running", await one.StateAsync(second.Id));
        CountingMethod.LetGo(second);
        CountingMethod.LetGo(third);

        foreach (var folder in new[] { first, second, third, launched })
        {
            await TemporaryData.Until(() => EventLogReader.ReadLast(folder.Events) is RunFinished, $"{folder.Id} to finish");
            var events = EventLogReader.ReadAll(folder.Events);
            Assert.Single(events.OfType<RunStarted>());
            Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(next => next.Seq));
        }
    }

    private static bool HasBegun(RunFolder folder) => EventLogReader.ReadAll(folder.Events).OfType<RunMetrics>().Any();

    /// <summary>Asked again and again: how long it takes is not what is tested.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(5), "waited in vain for the lead to change");
            await Task.Delay(50);
        }
    }

    private RunFolder Queue(string id, string name)
    {
        var folder = _data.Create(id, name, epochs: 2);
        new QueueTicket(DateTimeOffset.UtcNow).Write(folder);
        return folder;
    }

    private async Task<Dashboard> ServeAsync()
    {
        var dashboard = await Dashboard.StartAsync(_data.Data);
        _dashboards.Add(dashboard);
        return dashboard;
    }

    private sealed class Dashboard(Process process, Uri address, string announced) : IDisposable
    {
        private readonly HttpClient _client = new() { BaseAddress = address };

        public Process Process => process;

        /// <summary>What it has printed when it began.</summary>
        public string Announced => announced;

        public static async Task<Dashboard> StartAsync(DataFolder data)
        {
            var start = new ProcessStartInfo(TestProgram.Path, ["serve", "--urls", "http://127.0.0.1:0", "--data", data.Path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            // More than a busy machine keeps a process from its timer.
            start.Environment["Dashboard__LeaseSeconds"] = "8";
            var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var lines = new List<string>();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                lines.Add(line);
                if (!line.StartsWith("Data: ", StringComparison.Ordinal))
                    continue;
                _ = process.StandardOutput.ReadToEndAsync();
                return new(process, new Uri(lines[0]["Dashboard: ".Length..]), string.Join('\n', lines));
            }
            throw new InvalidOperationException($"The dashboard did not start: {await errors}");
        }

        public async Task<bool> IsLeadingAsync() => (await _client.GetFromJsonAsync<JsonElement>("api/lead")).GetProperty("isThis").GetBoolean();

        public async Task<string?> StateAsync(string run) =>
            (await _client.GetFromJsonAsync<JsonElement>($"api/runs/{run}")).GetProperty("state").GetString();

        public async Task<string> LaunchAsync()
        {
            using var answer = await _client.PostAsJsonAsync("api/runs",
                new { method = "cam", dataset = "cooccurrence", preset = "builtin", options = new { epochs = 1 } });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            return Path.GetFileName(answer.Headers.Location!.ToString());
        }

        public async Task SignalAsync(string signal)
        {
            using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
            await kill.WaitForExitAsync();
            Assert.Equal(0, kill.ExitCode);
        }

        public void Dispose()
        {
            _client.Dispose();
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
