using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Dashboard.Tests.Torch.Optimizers;

/// <summary>The learning rates of nine epochs, from 0.1, are PyTorch's.</summary>
public class SchedulerTests
{
    private static readonly Dictionary<string, (Func<Optimizer, lr_scheduler.LRScheduler> Make, double[] Rates)> Cases = new()
    {
        ["StepLR"] = (o => lr_scheduler.StepLR(o, 3), [0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001]),
        ["MultiStepLR"] = (o => lr_scheduler.MultiStepLR(o, [2, 5]), [0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001, 0.001]),
        ["ExponentialLR"] = (o => lr_scheduler.ExponentialLR(o, 0.5), [0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125, 0.0015625, 0.00078125, 0.000390625]),
        ["PolynomialLR"] = (
            o => lr_scheduler.PolynomialLR(o, 6, 0.9),
            [0.1, 0.0848666146789, 0.0694253162662, 0.0535886731268, 0.0372041058011, 0.0199371866475, 0, 0, 0]),
        ["CosineAnnealingLR"] = (
            o => lr_scheduler.CosineAnnealingLR(o, 5, 0.001),
            [0.1, 0.0905463412216, 0.0657963412216, 0.0352036587784, 0.0104536587784, 0.001, 0.0104536587784, 0.0352036587784, 0.0657963412216]),
        ["LinearLR"] = (o => lr_scheduler.LinearLR(o, 0.25, 1.0, 4), [0.025, 0.04375, 0.0625, 0.08125, 0.1, 0.1, 0.1, 0.1, 0.1]),
        ["LambdaLR"] = (
            o => lr_scheduler.LambdaLR(o, epoch => Math.Pow(1 - epoch / 8.0, 0.9)),
            [0.1, 0.0886762354257, 0.0771889506724, 0.0655076493418, 0.0535886731268, 0.0413645344658, 0.0287174588749, 0.0153893051668, 0]),
        ["SequentialLR"] = (
            o => lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.25, 1.0, 3), lr_scheduler.CosineAnnealingLR(o, 5)], [3]),
            [0.025, 0.05, 0.075, 0.1, 0.0904508497187, 0.0654508497187, 0.0345491502813, 0.00954915028125, 0]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scheduler_NineEpochs_GivesPytorchsRates(string name)
    {
        var (make, expected) = Cases[name];
        using var parameter = new Parameter(zeros(1));
        using var optimizer = SGD([parameter], 0.1);
        var group = optimizer.ParamGroups.Single();

        var scheduler = make(optimizer);
        var rates = new List<double> { group.LearningRate };
        for (var epoch = 1; epoch < expected.Length; epoch++)
        {
            scheduler.step();
            rates.Add(group.LearningRate);
        }

        Assert.Equal(expected, rates, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(0.1, group.InitialLearningRate);
    }

    [Fact]
    public void LambdaLR_TwoGroups_KeepsTheirRatio()
    {
        using var first = new Parameter(zeros(1));
        using var second = new Parameter(zeros(1));
        using var optimizer = SGD(
            [new SGD.ParamGroup([first], new SGD.Options()), new SGD.ParamGroup([second], new SGD.Options { LearningRate = 1 })], 0.1);

        var scheduler = lr_scheduler.LambdaLR(optimizer, epoch => 1.0 / (1 + epoch));
        scheduler.step();

        Assert.Equal([0.05, 0.5], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([0.05, 0.5], scheduler.get_last_lr());
    }

    [Theory]
    [InlineData("LambdaLR")]
    [InlineData("PolynomialLR")]
    [InlineData("CosineAnnealingLR")]
    public void Scheduler_MadeAnewInTheMiddle_GoesOn(string name)
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = SGD([parameter], 0.1);
        var group = optimizer.ParamGroups.Single();
        group.LearningRate = Cases[name].Rates[3];

        _ = name switch
        {
            "LambdaLR" => lr_scheduler.LambdaLR(optimizer, epoch => Math.Pow(1 - epoch / 8.0, 0.9), last_epoch: 3),
            "PolynomialLR" => lr_scheduler.PolynomialLR(optimizer, 6, 0.9, last_epoch: 3),
            _ => lr_scheduler.CosineAnnealingLR(optimizer, 5, 0.001, last_epoch: 3),
        };

        Assert.Equal(Cases[name].Rates[4], group.LearningRate, 1e-12);
    }

    [Fact]
    public void SequentialLR_WrongNumberOfMilestones_IsRefused()
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = SGD([parameter], 0.1);

        Assert.Throws<ArgumentException>(() => lr_scheduler.SequentialLR(optimizer, [lr_scheduler.StepLR(optimizer, 1)], [3]));
    }
}
