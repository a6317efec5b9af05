using System.Text.Json.Nodes;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Execution.Workers;

[Collection(LibtorchCollection.Name)]
public sealed class MemoryFailureTests
{
    private const string OfCuda = "CUDA out of memory. Tried to allocate 2.25 GiB. GPU 0 has a total capacity of 79.11 GiB of which 12.00 MiB is "
        + "free.\nException raised from malloc at CUDACachingAllocator.cpp";

    [Fact]
    public void Sentence_OfAGpu_NamesItAndTheOptionsThatHelp()
    {
        var failure = new InvalidOperationException("a step", new InvalidDataException(OfCuda));

        Assert.True(MemoryFailure.Is(failure));
        Assert.Equal(
            "The GPU cuda:1 ran out of memory when 2.25 GiB more were asked for. Give a smaller batchSize (now 16) or a smaller cropSize (now 512).",
            MemoryFailure.Sentence(Spec(CamMethod.Descriptor, "cuda:1"), failure));
    }

    [Fact]
    public void Sentence_OfPairsThatCanBeTakenInParts_NamesThoseFirst() => Assert.StartsWith(
        "The GPU cuda:0 ran out of memory when 2.25 GiB more were asked for. Give a pairsAtOnce (now 0, which is all) or a smaller batchSize",
        MemoryFailure.Sentence(Spec(ClipMethod.Descriptor, "cuda:0"), new InvalidDataException(OfCuda)), StringComparison.Ordinal);

    /// <summary>2 EiB: more than any machine has.</summary>
    [Fact]
    public void Is_WhatLibtorchSaysOnTheCpu()
    {
        var failure = Assert.ThrowsAny<Exception>(() => zeros(1L << 30, 1L << 29));

        Assert.True(MemoryFailure.Is(failure), failure.Message);
        Assert.Matches(@"^The machine ran out of memory when [0-9.]+ GiB more were asked for\. Give a smaller batchSize \(now 16\)",
            MemoryFailure.Sentence(Spec(CamMethod.Descriptor, "cpu"), failure));
    }

    [Fact]
    public void SentenceOfKilled_NamesTheOptionsThatHelp() => Assert.Equal(
        "The system killed the worker, most likely because the machine ran out of memory. Give a smaller batchSize (now 16) or a smaller cropSize "
        + "(now 512).", MemoryFailure.SentenceOfKilled(Spec(CamMethod.Descriptor, "cpu")));

    [Fact]
    public void Is_AnotherFailure_IsNot() => Assert.False(MemoryFailure.Is(new InvalidOperationException("a matrix has the wrong shape")));

    private static RunSpec Spec(MethodDescriptor method, string device) => new()
    {
        Id = "run", Method = method.Name, Options = (JsonObject)method.Schema.Write((MethodOptions)Activator.CreateInstance(method.OptionsType)!),
        Dataset = "d", Seed = 0, Device = device, CodeVersion = "test", Created = DateTimeOffset.UnixEpoch,
    };
}
