using Dashboard.Domain.Methods.TextImage;


namespace Dashboard.Tests.Methods.SimSeg;

public sealed class ZeroShotOptionsTests
{
    [Theory]
    [InlineData("ownTemplates", "templates=own")]
    [InlineData("ownTemplates", "ownTemplates=a photo")]
    [InlineData("closingSize", "closingSize=4")]
    [InlineData("candidates", "candidates=0")]
    public void Read_OptionThatCannotBe_NamesIt(string option, string assignment)
    {
        var schema = ZeroShotMethod.Descriptor.Schema;
        var values = schema.Write(new ZeroShotOptions { Model = "any" });
        Assert.Equal(option, Assert.Single([.. schema.Assign(values, [assignment]), .. schema.Read(values, out _)]).Option);
    }

    [Fact]
    public void Presets_AllButTheModel_AreSound()
    {
        foreach (var preset in ZeroShotMethod.Descriptor.Presets)
            Assert.Empty(
                ZeroShotMethod.Descriptor.Schema.Read(ZeroShotMethod.Descriptor.Schema.Write((ZeroShotOptions)preset.Options with { Model = "any" }),
                    out _));
    }
}
