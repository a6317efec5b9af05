using Dashboard.Web.Compare;

namespace Dashboard.Tests.Web;

/// <summary>How addresses name what is compared.</summary>
public sealed class SourceKeyTests
{
    [Theory]
    [InlineData("truth")]
    [InlineData("maps:20260101-000000-cam-a")]
    [InlineData("masks:20260101-000000-nsrm-b")]
    [InlineData("masks:20260101-000000-nsrm-b@train_aug")]
    public void Parse_OfWhatItWrites_GivesTheSame(string text) => Assert.Equal(text, SourceKey.Parse(text)!.ToString());

    [Fact]
    public void Parse_WithASplit_IsAnotherSourceThanTheRunsOwn()
    {
        Assert.Equal(new SourceKey(SourceKind.Masks, "run", "train"), SourceKey.Parse("masks:run@train"));
        Assert.NotEqual(SourceKey.Parse("masks:run"), SourceKey.Parse("masks:run@train"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("masks")]
    [InlineData("masks:")]
    [InlineData("masks:@train")]
    [InlineData("masks:run@")]
    [InlineData("pictures:run")]
    public void Parse_OfAnythingElse_IsNothing(string text) => Assert.Null(SourceKey.Parse(text));
}
