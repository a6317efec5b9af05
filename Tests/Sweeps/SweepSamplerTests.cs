using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Sweeps;

namespace Dashboard.Tests.Sweeps;

public sealed class SweepSamplerTests
{
    [Fact]
    public void Parse_ValuesAndRanges_AreWhatAGridTakes()
    {
        Assert.Equal(["4", "16", "64"], Grid("cbsWeight=4,16,64"));
        Assert.Equal(["20", "44.72", "100"], Grid("regWeight=20..100:log"));
        Assert.Equal(["1", "5", "9"], Grid("epochs=1..9"));
        Assert.Equal(["1", "2"], Grid("epochs=1..2/5"));
        Assert.Equal(["[1]", "[0.5,1]"], Grid("scales=1|0.5,1"));
        Assert.Equal(["0.001", "0.01"], Grid("LearningRate=1e-3,1e-2"));
    }

    [Theory]
    [InlineData("cbsWeight", "axis: 'cbsWeight' is not of the form OPTION=VALUE,VALUE")]
    [InlineData("cbsWeigth=1,2", "axis: There is no option 'cbsWeigth'. Did you mean cbsWeight?")]
    [InlineData("epochs=1,two", "axis: epochs: 'two' is not a whole number")]
    [InlineData("epochs=1,1", "axis: epochs has the value 1 twice.")]
    [InlineData("epochs=9..1", "axis: epochs goes from 9 to 1. Name the smaller number first.")]
    [InlineData("cbsWeight=0..4:log", "axis: cbsWeight begins at 0, which has no logarithm.")]
    [InlineData("epochs=1..x", "axis: epochs: 'x' is not a whole number")]
    [InlineData("epochs=1..9/0", "axis: epochs has 0 steps.")]
    public void Parse_Wrong_NamesOptionAndRemedy(string typed, string message)
    {
        var failures = new List<OptionFailure>();
        Assert.Null(SweepAxis.Parse(typed, Find, failures));
        Assert.StartsWith(message, failures[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_OfAGrid_AreAllCombinations_TheLastAxisFastest()
    {
        var axes = Axes("cbsWeight=4,16", "epochs=1,2,3");
        Assert.Equal(6, SweepSampler.GridSize(axes));
        Assert.Equal(
            ["cbsWeight=4 epochs=1", "cbsWeight=4 epochs=2", "cbsWeight=4 epochs=3",
                "cbsWeight=16 epochs=1", "cbsWeight=16 epochs=2", "cbsWeight=16 epochs=3"],
            SweepSampler.Points(axes, SweepSampling.Grid, count: null, seed: 0).Select(point => point.Key));
        Assert.Equal(
            ["cbsWeight=4 epochs=1", "cbsWeight=4 epochs=2"],
            SweepSampler.Points(axes, SweepSampling.Grid, count: 2, seed: 0).Select(point => point.Key));
    }

    [Fact]
    public void GridSize_BeyondAllNumbers_IsTheGreatest() => Assert.Equal(int.MaxValue,
        SweepSampler.GridSize(Axes("cbsWeight=0..1/1000", "regWeight=0..1/1000", "otmWeight=0..1/1000", "btmWeight=0..1/1000")));

    /// <summary>Evenly, which random points are not: one in every sixteenth, and every value as often as it can be.</summary>
    [Fact]
    public void Points_OfSobol_LieInEveryPart()
    {
        var points = SweepSampler.Points(Axes("cbsWeight=0..16", "network=resNet18,resNet50"), SweepSampling.Sobol, 16, seed: 1);
        Assert.Equal(Enumerable.Range(0, 16), points.Select(point => (int)point.Values["cbsWeight"].GetValue<double>()).Order());
        Assert.Equal([8, 8], points.CountBy(point => point.Values["network"].ToJsonString()).Select(value => value.Value));
    }

    [Theory]
    [InlineData(SweepSampling.Random)]
    [InlineData(SweepSampling.Sobol)]
    public void Points_Drawn_AreDifferent_InRange_AndTheSameForTheSameSeed(SweepSampling sampling)
    {
        var axes = Axes("cbsWeight=4..64:log", "epochs=1..3");
        var points = SweepSampler.Points(axes, sampling, 20, seed: 1).Select(point => point.Key).ToList();

        Assert.Equal(20, points.Distinct().Count());
        Assert.Equal(points, SweepSampler.Points(axes, sampling, 20, seed: 1).Select(point => point.Key));
        Assert.NotEqual(points, SweepSampler.Points(axes, sampling, 20, seed: 2).Select(point => point.Key));
        Assert.All(SweepSampler.Points(axes, sampling, 20, seed: 1), point => Assert.InRange(point.Values["cbsWeight"].GetValue<double>(), 4, 64));
    }

    [Fact]
    public void Points_SpaceSmallerThanWanted_AreAllOfIt() =>
        Assert.Equal(3, SweepSampler.Points(Axes("epochs=1..3"), SweepSampling.Random, 10, seed: 0).Count);

    [Theory]
    [InlineData(27, 9, new[] { 1, 3, 9 })]
    [InlineData(27, 10, new[] { 1, 3, 10 })]
    [InlineData(9, 2, new[] { 2 })]
    [InlineData(2, 9, new[] { 9 })]
    [InlineData(5, 9, new[] { 3, 9 })]
    public void Rungs_GrowByTheFactor_AndEndWithAllEpochs(int points, int epochs, int[] expected) =>
        Assert.Equal(expected, new SuccessiveHalving().Rungs(points, epochs));

    [Fact]
    public void Promoted_OfEqualsTheFirst_AndOneAtLeast() => Assert.Equal([3], new SuccessiveHalving().Promoted([(5, 0.4), (3, 0.4)]));

    [Fact]
    public void Promoted_AreTheBestThird_WithoutWhatWasNotMeasured() => Assert.Equal([4, 2],
        new SuccessiveHalving().Promoted([(0, 0.1), (1, null), (2, 0.4), (3, 0.2), (4, 0.5), (5, double.NaN), (6, 0.3)]));

    private static IReadOnlyList<string> Grid(string typed) => [.. Axes(typed)[0].Grid().Select(value => value.ToJsonString())];

    private static IReadOnlyList<SweepAxis> Axes(params string[] typed) =>
        [.. typed.Select(axis => SweepAxis.Parse(axis, Find, new List<OptionFailure>())!)];

    private static (string, OptionField)? Find(string name, ICollection<OptionFailure> failures) =>
        ClimsMethod.Descriptor.Schema.Find(name, failures) is { } field ? (field.Name, field) : null;
}
