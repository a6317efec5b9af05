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

    [Fact]
    public void Of_LossTerms_ShareAChartInTheOrderLossTermsShares()
    {
        var groups =
            MetricGroup.Of(["learning rate", "loss share/OTM", "loss term/BTM", "loss", "epoch/loss term/OTM", "loss term/OTM", "epoch/mAP"]);

        Assert.Equal(["loss", "loss term", "loss share", "learning rate", "mAP"], groups.Select(group => group.Name));
        Assert.Equal(["loss term/BTM", "loss term/OTM", "epoch/loss term/OTM"], groups[1].Metrics);
        Assert.Equal([false, false, true, false, false], groups.Select(group => group.IsShare));
    }

    [Fact]
    public void Of_Apart_EveryMetricHasAChartByStepWhereItCan()
    {
        var groups = MetricGroup.Of(["loss", "epoch/loss", "loss term/OTM", "epoch/loss term/OTM", "loss term/BTM", "epoch/mAP"], apart: true);

        Assert.Equal(["loss", "loss term/BTM", "loss term/OTM", "mAP"], groups.Select(group => group.Name));
        Assert.Equal(["loss", "loss term/BTM", "loss term/OTM", "epoch/mAP"], groups.Select(group => Assert.Single(group.Metrics)));
    }

    [Theory]
    [InlineData("loss", "Loss")]
    [InlineData("loss term", "Loss term")]
    [InlineData("loss term/OTM", "Loss term: OTM")]
    [InlineData("learningRate", "Learning rate")]
    [InlineData("grad_norm", "Grad norm")]
    [InlineData("mAP", "mAP")]
    public void Title_OfAName_ReadsAsWords(string name, string title) => Assert.Equal(title, new MetricGroup(name, [name]).Title);
}
