using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Compare;

namespace Dashboard.Tests.Web;

/// <summary>What is compared before anybody chooses.</summary>
public sealed class FirstChoiceTests
{
    [Fact]
    public void Of_AnAblationAfterOtherMethods_TakesTheBestRunOfEachMethod() => Assert.Equal(
        "maps:full,masks:zero,maps:good,truth",
        Chosen(Maps("full", "clims", 0.6), Maps("otm", "clims", 0.5), Maps("late", "clims", null), Masks("zero", "zeroshot", 0.45),
            Maps("zero", "zeroshot", null), Maps("poor", "cam", 0.3), Maps("good", "cam", 0.4)));

    [Fact]
    public void Of_OneMethod_TakesItsTwoBestRuns() =>
        Assert.Equal("maps:b,maps:c,truth", Chosen(Maps("a", "cam", 0.1), Maps("b", "cam", 0.4), Maps("c", "cam", 0.3)));

    [Fact]
    public void Of_OtherImages_AreLeftOut() =>
        Assert.Equal("maps:a,truth", Chosen(Maps("a", "cam", 0.1), Maps("b", "clims", 0.4) with { Images = new("elsewhere", "val") }));

    [Fact]
    public void Of_ManyMethods_LeavesRoomForTheTruth() =>
        Assert.Equal("maps:d,maps:c,maps:b,truth",
            Chosen(Maps("a", "cam", 0.1), Maps("b", "clims", 0.2), Maps("c", "irn", 0.3), Maps("d", "crf", 0.4)));

    private static string Chosen(params CompareSource[] available) => string.Join(',', FirstChoice.Of(available));

    private static CompareSource Maps(string run, string method, double? miou) => Source(SourceKind.Maps, run, method, miou);

    private static CompareSource Masks(string run, string method, double? miou) => Source(SourceKind.Masks, run, method, miou);

    private static CompareSource Source(SourceKind kind, string run, string method, double? miou) => new(
        new(kind, run),
        new(new RunSpec { Id = run, Method = method, Options = new JsonObject(), Dataset = "world", Seed = 0, Device = "cpu", CodeVersion = "test",
            Created = DateTimeOffset.UnixEpoch }, RunState.Finished, null, 1, null, null, null, null, null, null, 1, null),
        new("world", "val"),
        miou is { } known
            ? new(1, "CAM", false, new() { Stage = Protocol.Stages.SeedCam, Dataset = "world", Split = "val",
                ThresholdSource = Protocol.SweptThreshold, Tags = Protocol.TagsGiven, Images = 1 }, known, [], [], null, null)
            : null);
}
