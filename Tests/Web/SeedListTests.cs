using Dashboard.Domain.Methods.Seeds;
using Dashboard.Web.Launch;

namespace Dashboard.Tests.Web;

public sealed class SeedListTests
{
    [Theory]
    [InlineData("0", new long[] { 0 })]
    [InlineData(" 7 ", new long[] { 7 })]
    [InlineData("0-2", new long[] { 0, 1, 2 })]
    [InlineData("3, 5, 4-6", new long[] { 3, 5, 4, 6 })]
    [InlineData("9223372036854775807", new[] { long.MaxValue })]
    public void Read_SeedsAndRanges_AreRunsInThatOrder(string text, long[] seeds)
    {
        Assert.Equal(seeds, SeedList.Read(text, out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("2-0")]
    [InlineData("0-1-2")]
    [InlineData("0,")]
    [InlineData("0.5")]
    [InlineData("one")]
    [InlineData("9223372036854775808")]
    public void Read_Others_AreRefusedByName(string text)
    {
        Assert.Empty(SeedList.Read(text, out var error));
        Assert.StartsWith($"seed: '{text}' is not a whole number of at least 0", error);
    }

    [Theory]
    [InlineData("0-32")]
    [InlineData("0-31, 40")]
    [InlineData("0-9223372036854775807")]
    public void Read_MoreRunsThanAnybodyMeans_AreRefused(string text)
    {
        Assert.Empty(SeedList.Read(text, out var error));
        Assert.Contains("more than 32 runs", error);
    }

    [Fact]
    public void Form_WithSeveralSeeds_AsksForARunEachOfOneGroup()
    {
        var form = new LaunchForm(CamMethod.Descriptor, CamMethod.Descriptor.Presets[0]) { Dataset = "cooccurrence", Seed = "1-2" };

        Assert.Empty(form.Validate());
        Assert.Equal([(1L, "g"), (2L, "g")], form.Requests("g").Select(request => (request.Seed!.Value, request.Group!)));
        Assert.Equal("for seed in 1 2; do ./run train cam --dataset cooccurrence --preset builtin --seed $seed; done", form.CommandLine);
    }

    [Fact]
    public void Form_WithOneSeed_HasNoGroup()
    {
        var form = new LaunchForm(CamMethod.Descriptor, CamMethod.Descriptor.Presets[0]) { Dataset = "cooccurrence", Seed = "3" };

        Assert.Null(Assert.Single(form.Requests("g")).Group);
        Assert.Equal("./run train cam --dataset cooccurrence --preset builtin --seed 3", form.CommandLine);
    }
}
