using System.Text.Json.Nodes;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Execution.Queue;

public sealed class SmallerBatchTests
{
    [Fact]
    public void Request_OfARunWhoseMemoryRanOut_IsTheSameWithHalfTheBatch()
    {
        var run = Failed(CamMethod.Descriptor);

        var request = SmallerBatch.Of(run)!.Request;

        Assert.Contains("another batch gives another result", SmallerBatch.Of(run)!.Consequence);
        Assert.Equal(8, request.Options!["batchSize"]!.GetValue<int>());
        Assert.Equal(16, run.Spec.Options["batchSize"]!.GetValue<int>());
        request.Options["batchSize"] = 16;
        Assert.Equal(
            (run.Spec.Options.ToJsonString(), "d", 5L, "cuda:1", "mine"),
            (request.Options.ToJsonString(), request.Dataset, request.Seed!.Value, request.Device, request.Name));
        Assert.Equal("other", request.Inputs!["baseline"]);
    }

    /// <summary>Fewer pairs at once change no result; 0 stands for all of the batch.</summary>
    [Theory]
    [InlineData(0, 32)]
    [InlineData(12, 6)]
    public void Of_PairsThatCanBeTakenInParts_HalvesThose(int pairs, int half)
    {
        var run = Failed(ClipMethod.Descriptor);
        (run.Spec.Options["pairsAtOnce"], run.Spec.Options["batchSize"]) = (pairs, 64);

        var smaller = SmallerBatch.Of(run)!;
        Assert.Equal(("pairsAtOnce", half), (smaller.Option, smaller.Half));
        Assert.Contains("with the same result", smaller.Consequence);
    }

    [Fact]
    public void Of_WhatASmallerBatchDoesNotHelp_IsNothing()
    {
        var one = Failed(CamMethod.Descriptor);
        one.Spec.Options["batchSize"] = 1;

        Assert.Null(SmallerBatch.Of(one));
        Assert.Null(SmallerBatch.Of(Failed(CrfMethod.Descriptor)));
        Assert.Null(SmallerBatch.Of(Failed(CamMethod.Descriptor) with { Message = "/data/a.jpg cannot be read." }));
        Assert.Null(SmallerBatch.Of(Failed(CamMethod.Descriptor) with { State = RunState.Cancelled }));
    }

    internal static RunSummary Failed(MethodDescriptor method)
    {
        var spec = new RunSpec
        {
            Id = "run", Name = "mine", Method = method.Name,
            Options = (JsonObject)method.Schema.Write((MethodOptions)Activator.CreateInstance(method.OptionsType)!), Dataset = "d", Seed = 5,
            Device = "cuda:1", Inputs = new Dictionary<string, string> { ["baseline"] = "other" }, CodeVersion = "test",
            Created = DateTimeOffset.UnixEpoch,
        };
        return new(spec, RunState.Failed, null, 0, null, null, null, MemoryFailure.SentenceOfKilled(spec), null, null, 3, null);
    }
}
