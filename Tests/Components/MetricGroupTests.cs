using Dashboard.Web.Components.Chart;

namespace Dashboard.Tests.Components;

public sealed class MetricGroupTests
{
    [Fact]
    public void Of_StepAndEpochValuesOfOneName_ShareAChartStepsFirst()
    {
        var groups = MetricGroup.Of(["epoch/loss", "learningRate", "loss", "loss/background", "epoch/mAP"]);

        Assert.Equal(["loss", "learningRate", "mAP"], groups.Select(group => group.Name));
        Assert.Equal(["loss", "loss/background", "epoch/loss"], groups[0].Metrics);
    }

    [Theory]
    [InlineData("loss", "Loss")]
    [InlineData("learningRate", "Learning rate")]
    [InlineData("grad_norm", "Grad norm")]
    [InlineData("mAP", "mAP")]
    public void Title_OfAName_ReadsAsWords(string name, string title) => Assert.Equal(title, new MetricGroup(name, [name]).Title);
}
