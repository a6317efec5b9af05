using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Pipelines;

namespace Dashboard.Tests.Runs.Plan;

/// <summary>NSROM's stages, in full and as its ablation leaves them out.</summary>
public sealed class NsromPipelineTests
{
    [Theory]
    [InlineData("all", "saliency, cam, oa-cam, labels, round-1, masked, round-2")]
    [InlineData("pom", "saliency, cam, oa-cam, labels, round-1")]
    [InlineData("oa-cam", "saliency, cam, oa-cam, labels-without-pom, round-1")]
    [InlineData("cam", "saliency, cam, labels-of-cam, round-1")]
    [InlineData("without-saliency", "cam, oa-cam, labels-without-saliency, round-1, masked-without-saliency, round-2")]
    public void Stages_OfEachChoice_AreThese(string choice, string expected) =>
        Assert.Equal(expected, string.Join(", ", Nsrom.Pipeline.StagesOf(choice).Select(stage => stage.Name)));

    /// <summary>Every stage finds what it starts from among the stages above it, unless its options do without.</summary>
    [Theory]
    [MemberData(nameof(Choices))]
    public void Wiring_OfEachChoice_LeavesNoInputOpen(string pipeline, string? choice)
    {
        var stages = PipelineCatalog.Find(pipeline)!.StagesOf(choice);
        foreach (var (i, stage) in stages.Index())
        {
            var (method, wiring) = (MethodCatalog.Get(stage.Method), stage.WiringAmong(stages));
            foreach (var input in method.Inputs.Where(input => input.ReplacedBy is not { } option || stage.Options[option] is null))
                Assert.Contains(wiring[input.Role], stages.Take(i).Select(above => above.Name));
            Assert.DoesNotContain(method.Schema.Read(stage.Options, out _), failure => stage.Options.ContainsKey(failure.Option));
        }
    }

    public static TheoryData<string, string?> Choices()
    {
        var data = new TheoryData<string, string?>();
        foreach (var pipeline in (Pipeline[])[Nsrom.Pipeline, Nsrom.OnClims])
            foreach (var choice in pipeline.Choice?.Values ?? [null!])
                data.Add(pipeline.Name, choice);
        return data;
    }

    [Fact]
    public void RoundOne_PredictsTheTrainingImagesThatAreMasked()
    {
        var stage = Nsrom.Pipeline.Stages.Single(stage => stage.Name == "round-1");
        SegmentMethod.Descriptor.Schema.Read(stage.Options, out var options);
        Assert.Equal(["val", "train_aug"], ((SegmentOptions)options!).PredictedSplits);
    }
}
