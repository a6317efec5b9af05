using Bunit;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Web.Components.Models;
using ModelFacts = Dashboard.Web.Components.Models.ModelFacts;

namespace Dashboard.Tests.Components;

public sealed class ModelComponentTests : ComponentTests
{
    private static readonly PretrainedModel Model = new(
        "small", "/models/small.pt", "/models/merges.txt", PretrainedModel.Clip, "ViT, patch 8", 64, 64, 1_500_000, new string('a', 64), 6_000_000,
            false, null)
    {
        Import = new(10, ["logit_scale"], [], ["epoch"]),
    };

    [Fact]
    public void Facts_OfASoundModel_SayThatItCanBeUsed()
    {
        var facts = Facts(Model);

        Assert.Equal("Available", facts.Find(".state-chip").TextContent);
        Assert.Contains("1.5 million", facts.Markup);
        Assert.Contains("Vocabulary: /models/merges.txt", facts.Markup);
    }

    [Theory]
    [InlineData(true, null, "/v", "Which activation?")]
    [InlineData(false, "The file is gone.", "/v", "Not available")]
    [InlineData(false, null, null, "No vocabulary")]
    public void Facts_OfAnother_SayWhatIsWrongFirst(bool lacksActivation, string? unavailable, string? vocabulary, string state) => Assert.Equal(
        state,
        Facts(Model with { LacksActivation = lacksActivation, Unavailable = unavailable, Vocabulary = vocabulary }).Find(".state-chip").TextContent);

    [Fact]
    public void Import_NamesWhatIsMissing()
    {
        var summary = Render<ImportSummary>(parameters => parameters.Add(component => component.Report, Model.Import!));

        Assert.Equal(["1 missing", "1 not needed"], summary.FindAll("summary").Select(group => group.TextContent));
        Assert.Contains("logit_scale", summary.Find("details ul").TextContent);
        Assert.Contains("0 unexpected", summary.Markup);
    }

    [Fact]
    public void SelfTest_ThatFailed_CountsItsChecks()
    {
        var report = new SelfTestReport("small", false, [new("Texts differ", true, "0.1"), new("Features are numbers", false, "NaN")], 1, 2);

        var result = Render<SelfTestResult>(parameters => parameters.Add(component => component.Report, report));

        Assert.Contains("1 of 2 checks failed", result.Find(".notice.error").TextContent);
        Assert.Contains("Features are numbers (failed): NaN", result.Find("li.failed").TextContent);
    }

    private IRenderedComponent<ModelFacts> Facts(PretrainedModel model) =>
        Render<ModelFacts>(parameters => parameters.Add(component => component.Model, model));
}
