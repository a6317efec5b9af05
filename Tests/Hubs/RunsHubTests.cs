using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.EndToEnd;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Dashboard.Tests.Hubs;

public sealed class RunsHubTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DataFolder _data = new(Directory.CreateTempSubdirectory("dashboard-hub-").FullName);
    private readonly CancellationTokenSource _stop = new(Patience);
    private readonly HubHost _host;
    private FabricatedRun _run = null!;

    public RunsHubTests() => _host = new HubHost(_data);

    public async Task InitializeAsync()
    {
        _run = new FabricatedRun(_data, "20260101-000000-cam-aaaa").Start();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _run.Dispose();
        Directory.Delete(_data.Path, recursive: true);
        _stop.Dispose();
    }

    [Fact]
    public async Task Watch_FromZero_ReplaysStoredEventsAsTheyStandInTheLog()
    {
        _run.Train(60);
        _run.Evaluate();
        _run.Finish();

        var received = await ReceiveAllAsync(0);

        Assert.Equal(await File.ReadAllLinesAsync(_run.Folder.Events), received.Select(element => element.GetRawText()));
    }

    [Fact]
    public async Task Watch_AfterSeq_SendsOnlyLaterEventsStoredAndLive()
    {
        _run.Train(20);
        await using var connection = await ConnectAsync();
        var seqs = new List<long>();
        await foreach (var next in connection.StreamAsync<JsonElement>("Watch", _run.Folder.Id, 15L, _stop.Token))
        {
            seqs.Add(Seq(next));
            // Past the stored ones: what comes now can only be live.
            if (seqs.Count == 5)
                _run.Train(30);
            if (seqs.Count == 25)
                _run.Finish();
        }

        Assert.Equal(Enumerable.Range(16, seqs.Count).Select(seq => (long)seq), seqs);
        Assert.Equal(EventLogReader.ReadAll(_run.Folder.Events)[^1].Seq, seqs[^1]);
    }

    [Fact]
    public async Task Watch_ConnectionsLostAndDashboardRestarted_LosesNothingAndDoublesNothing()
    {
        using var training = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!training.IsCancellationRequested)
            {
                _run.Train();
                await Task.Delay(2);
            }
            _run.Finish();
        });
        var received = new List<JsonElement>();
        foreach (var restart in new[] { false, true, false, true })
        {
            await using var connection = await ConnectAsync();
            var until = received.Count + 40;
            try
            {
                await foreach (var next in connection.StreamAsync<JsonElement>("Watch", _run.Folder.Id, LastSeq(received), _stop.Token))
                {
                    received.Add(next);
                    if (received.Count < until)
                        continue;
                    if (!restart)
                        break;
                    await _host.StopAsync();
                    await _host.StartAsync();
                }
            }
            catch (Exception error)
                when (error is HubException or IOException or OperationCanceledException or System.Net.WebSockets.WebSocketException
                && !_stop.IsCancellationRequested)
            {
                // The cut that the test has made. What had arrived before it stands in the list.
            }
        }
        await training.CancelAsync();
        await writer;
        received.AddRange(await ReceiveAllAsync(LastSeq(received)));

        Assert.Equal(await File.ReadAllLinesAsync(_run.Folder.Events), received.Select(element => element.GetRawText()));
    }

    [Fact]
    public async Task Watch_SlowClient_HoldsNothingBackForOthersAndGetsAllInTheEnd()
    {
        await using var slow = await ConnectAsync();
        await using var slowly = slow.StreamAsync<JsonElement>("Watch", _run.Folder.Id, 0L, _stop.Token).GetAsyncEnumerator();
        Assert.True(await slowly.MoveNextAsync());
        _run.Train(2000);
        _run.Finish();

        var others = await ReceiveAllAsync(0);
        var count = 1;
        while (await slowly.MoveNextAsync())
            count++;

        Assert.Equal(others.Count, count);
    }

    [Fact]
    public async Task Watch_ValuesThatAreNoNumbers_ArriveByName()
    {
        _run.Report(new RunMetrics(1, 1, new Dictionary<string, double> { ["loss"] = double.NaN }));
        _run.Finish();

        var metrics = (await ReceiveAllAsync(0)).Single(next => next.GetProperty("type").GetString() == "metrics");

        Assert.Equal("NaN", metrics.GetProperty("values").GetProperty("loss").GetString());
    }

    [Theory]
    [InlineData("20260101-000000-cam-zzzz")]
    [InlineData("../../etc")]
    [InlineData("")]
    public async Task Watch_UnknownRun_SaysSo(string id)
    {
        await using var connection = await ConnectAsync();

        var error = await Assert.ThrowsAsync<HubException>(async () =>
            await ToListAsync(connection.StreamAsync<JsonElement>("Watch", id, 0L, _stop.Token)));

        Assert.Contains($"There is no run '{id}'.", error.Message);
    }

    [Fact]
    public async Task Watch_DamagedLog_SaysWhichFileAndSendsWhatIsWhole()
    {
        _run.Train(3);
        _run.Dispose();
        await File.AppendAllTextAsync(_run.Folder.Events, "this is no event\n");
        await using var connection = await ConnectAsync();
        var received = new List<JsonElement>();

        var error = await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var next in connection.StreamAsync<JsonElement>("Watch", _run.Folder.Id, 0L, _stop.Token))
                received.Add(next);
        });

        Assert.Equal([1, 2, 3, 4], received.Select(Seq));
        Assert.Contains("events.jsonl is damaged in line 5", error.Message);
    }

    [Fact]
    public async Task Watch_TooManyStreamsOnOneConnection_RefusesOneMoreUntilOneEnds()
    {
        await using var connection = await ConnectAsync();
        var streams = new List<IAsyncEnumerator<JsonElement>>();
        async Task OpenAsync()
        {
            var stream = connection.StreamAsync<JsonElement>("Watch", _run.Folder.Id, 0L, _stop.Token).GetAsyncEnumerator(_stop.Token);
            Assert.True(await stream.MoveNextAsync());
            streams.Add(stream);
        }
        for (var i = 0; i < 32; i++)
            await OpenAsync();

        var error = await Assert.ThrowsAsync<HubException>(OpenAsync);

        Assert.Contains("already watches 32 runs", error.Message);
        _run.Finish();
        Assert.True(await streams[0].MoveNextAsync());
        Assert.False(await streams[0].MoveNextAsync());
        await OpenAsync();
    }

    private async Task<HubConnection> ConnectAsync()
    {
        var connection = WebSocketConnection.To(_host.Address);
        await connection.StartAsync(_stop.Token);
        return connection;
    }

    private async Task<IReadOnlyList<JsonElement>> ReceiveAllAsync(long afterSeq)
    {
        await using var connection = await ConnectAsync();
        return await ToListAsync(connection.StreamAsync<JsonElement>("Watch", _run.Folder.Id, afterSeq, _stop.Token));
    }

    private static async Task<IReadOnlyList<JsonElement>> ToListAsync(IAsyncEnumerable<JsonElement> stream)
    {
        var list = new List<JsonElement>();
        await foreach (var next in stream)
            list.Add(next);
        return list;
    }

    private static long LastSeq(List<JsonElement> received) => received.Count == 0 ? 0 : Seq(received[^1]);
    private static long Seq(JsonElement next) => next.GetProperty("seq").GetInt64();
}
