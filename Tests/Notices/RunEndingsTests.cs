using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Dashboard.Domain.Runs;
using Dashboard.Tests.EndToEnd;
using Dashboard.Tests.Runs;
using Dashboard.Web.Notices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Notices;

/// <summary>Ends of real run folders, followed by the real store, and posted to a real server.</summary>
public sealed class RunEndingsTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task End_OfRuns_IsToldOnceAndPosted_AndAStopIsNot()
    {
        FinishedRuns.Write(_data.Data, "before", name: "old news");
        using var finishing = new FabricatedRun(_data.Data, "finishing", "good one").Start();
        using var failing = new FabricatedRun(_data.Data, "failing", "bad one").Start();
        using var stopped = new FabricatedRun(_data.Data, "stopped", "stopped one").Start();
        using var store = _data.OpenStore();
        var endings = new RunEndings(store, TimeProvider.System, NullLogger<RunEndings>.Instance);
        Assert.Equal(["before"], endings.Recent.Select(ending => ending.Id));
        var posted = new ConcurrentQueue<JsonElement>();
        var refusals = 1;
        await using var receiver = await ReceiveAsync(async context =>
        {
            // The first time it is busy: the post comes again.
            if (Interlocked.Decrement(ref refusals) >= 0)
                context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            else
                posted.Enqueue((await JsonDocument.ParseAsync(context.Request.Body)).RootElement);
        });
        using var stop = new CancellationTokenSource();
        var hook = new Webhook(endings, new ConfigurationBuilder().AddInMemoryCollection([new("Dashboard:Webhook", receiver.Urls.Single())]).Build(),
            TimeProvider.System, NullLogger<Webhook>.Instance).PostAsync(stop.Token);
        var following = endings.FollowAsync(stop.Token);

        finishing.Train(10);
        finishing.Evaluate(0.4811);
        finishing.Finish();
        await TemporaryData.Until(() => !posted.IsEmpty, "the first post");
        stopped.Report(new RunCancelled());
        stopped.Dispose();
        await TemporaryData.Until(() => store.Find("stopped")!.State == RunState.Cancelled, "the stop");
        failing.Report(new RunFailed("The disk is full."));
        failing.Dispose();
        await TemporaryData.Until(() => posted.Count == 2, "the second post");

        Assert.Equal(["good one finished. mIoU 48.11 %.", "bad one failed. The disk is full. The queue is empty."],
            posted.Select(body => body.GetProperty("text").GetString()));
        Assert.Equal([false, true], posted.Select(body => body.GetProperty("queueIsEmpty").GetBoolean()));
        Assert.Equal(["failing", "finishing", "before"], endings.Recent.Select(ending => ending.Id));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(hook, following));
    }

    private static async Task<WebApplication> ReceiveAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }
}
