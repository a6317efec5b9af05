using Bunit;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;
using Dashboard.Web.Components.Pages.Run.Header;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

/// <summary>A run that failed for memory, with half as much at once.</summary>
public sealed class SmallerBatchOfferTests : ComponentTests
{
    private const string Id = "20260101-000000-cam-aaaa";

    public SmallerBatchOfferTests() =>
        Services.AddSingleton<IRunQueue>(provider => Temporary.OpenQueue(provider.GetRequiredService<RunStore>()));

    /// <summary>The batch is in the key: the spec of the run that failed stays as it is.</summary>
    [Fact]
    public async Task RunWhoseMemoryRanOut_IsMadeOnceMoreWithHalfTheBatch()
    {
        var folder = FinishedRuns.Write(Data, Id);
        var spec = folder.ReadSpec();
        FinishedRuns.WriteLog(folder, DateTimeOffset.UnixEpoch, new RunStarted(1, "here", "cpu", "test"),
            new RunFailed(MemoryFailure.SentenceOfKilled(spec)));
        var store = Services.GetRequiredService<IRunStore>();
        var offer = Render<SmallerBatchOffer>(parameters => parameters.Add(component => component.Run, store.Find(Id)!));

        Assert.Equal("Run again with batchSize 8", offer.Find("button").TextContent);
        await offer.Find("button").ClickAsync();

        var made = store.Find(Services.GetRequiredService<NavigationManager>().Uri.Split('/')[^1])!;
        Assert.Equal((RunState.Queued, 8), (made.State, made.Spec.Options["batchSize"]!.GetValue<int>()));
        Assert.Equal(spec.Hash, folder.ReadSpec().Hash);
        Assert.Equal(RunState.Failed, store.Find(Id)!.State);
    }

    [Fact]
    public void OtherFailure_OffersNothing()
    {
        var folder = FinishedRuns.Write(Data, Id);
        FinishedRuns.WriteLog(folder, DateTimeOffset.UnixEpoch, new RunStarted(1, "here", "cpu", "test"), new RunFailed("a.jpg cannot be read."));

        var run = Services.GetRequiredService<IRunStore>().Find(Id)!;

        Assert.Empty(Render<SmallerBatchOffer>(parameters => parameters.Add(component => component.Run, run)).FindAll("button"));
    }
}
