using TorchSharp;
using static Dashboard.Tests.Torch.Reference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Torch.Modules;

[Collection(GeneratorCollection.Name)]
public class LayerTests
{
    private sealed record Case(Func<Module<Tensor, Tensor>> Layer, long[] Input, long[] Output, double[] First, double Sum, double InputGradient, double[] Gradients);

    /// <summary>
    /// Of each layer, filled with the pattern and fed with it: the output's shape, its first numbers and its Σ|y|;
    /// after the backward pass of Σy², Σ|gradient| of the input and of each parameter.
    /// </summary>
    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["Conv2d"] = new(() => Conv2d(2, 3, 3, stride: 2, padding: 1), [1, 2, 5, 5], [1, 3, 3, 3], [-0.4373554, 0.0274379, -0.2489256], 7.978512, 27.22249, [20.68833, 13.65488]),
        ["Conv2d dilated in groups"] = new(
            () => Conv2d(4, 4, 3, padding: 2, dilation: 2, groups: 2, bias: false), [1, 4, 5, 5], [1, 4, 5, 5], [-0.1927273, -0.06710745, -0.1130579], 20.21851, 51.73991, [47.69574]),
        ["Conv2d same"] = new(
            () => Conv2d(2, 3, (2, 3), Padding.Same), [1, 2, 5, 5], [1, 3, 5, 5], [-0.7844628, -0.04033062, -0.1130578], 27.62479, 71.18448, [69.35572, 37.50017]),
        ["Conv2d reflect"] = new(
            () => Conv2d(2, 3, 3, padding: 1, padding_mode: PaddingModes.Reflect), [1, 2, 5, 5], [1, 3, 5, 5], [-0.3447934, -0.6869422, 0.1808263], 26.58678, 95.36862, [99.85514, 35.65289]),
        ["Conv1d"] = new(() => Conv1d(2, 3, 3, padding: 1), [1, 2, 6], [1, 3, 6], [-0.4757025, 0.1203306, -0.6780165], 5.586777, 8.809256, [8.784673, 8.96]),
        ["ConvTranspose2d"] = new(
            () => ConvTranspose2d(2, 3, 3, stride: 2, padding: 1, output_padding: 1), [1, 2, 4, 4], [1, 3, 8, 8], [-0.5295868, -0.313719, -0.2287603], 51.11802, 34.24881, [36.30646, 95.11537]),
        ["Linear"] = new(() => Linear(4, 3), [2, 4], [2, 3], [0.09123966, 0.101157, -0.1252893], 1.616529, 2.609503, [2.209971, 2.868099]),
        ["BatchNorm2d"] = new(() => BatchNorm2d(3), [2, 3, 4, 4], [2, 3, 4, 4], [0.2275157, -0.6565315, -0.1513617], 28.19788, 0.005407207, [48.86681, 48.87273]),
        ["LayerNorm"] = new(() => LayerNorm(4), [3, 4], [3, 4], [0.1252038, 0.3605027, -0.06042861], 3.899212, 6.687306, [6.670041, 6.82971]),
        ["GroupNorm"] = new(() => GroupNorm(2, 4), [2, 4, 3, 3], [2, 4, 3, 3], [0.2230676, -0.6302641, -0.142646], 25.74069, 50.13034, [44.51593, 43.97761]),
        ["MaxPool2d"] = new(() => MaxPool2d(3, stride: 2, padding: 1), [1, 2, 6, 6], [1, 2, 3, 3], [0.4181818, 0.5090909, 0.5090909], 8.345454, 16.69091, []),
        ["AvgPool2d"] = new(() => AvgPool2d(2), [1, 2, 6, 6], [1, 2, 3, 3], [0.07727272, 0.1, -0.1272727], 1.772727, 3.545455, []),
        ["AdaptiveAvgPool2d"] = new(() => AdaptiveAvgPool2d(1), [1, 2, 6, 6], [1, 2, 1, 1], [0.04191919, 0.06212121], 0.1040404, 0.2080808, []),
    };

    /// <summary>The same for the activations, fed with four times the pattern of shape [2, 5].</summary>
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Layer, double[] First, double Sum, double InputGradient)> Activations = new()
    {
        ["ReLU"] = (() => ReLU(), [0, 0.9454545, 0], 6.763636, 13.52727),
        ["ReLU6"] = (() => ReLU6(), [0, 0.9454545, 0], 6.763636, 13.52727),
        ["LeakyReLU"] = (() => LeakyReLU(0.1), [-0.16, 0.9454545, -0.05090909], 7.185455, 13.61164),
        ["GELU"] = (() => GELU(), [-0.08767886, 0.7826345, -0.155448], 6.645254, 13.26341),
        ["SiLU"] = (() => SiLU(), [-0.2687706, 0.6809164, -0.1911161], 6.410778, 11.1666),
        ["Sigmoid"] = (() => Sigmoid(), [0.1679816, 0.7202001, 0.3754067], 5.493023, 1.951604),
        ["Tanh"] = (() => Tanh(), [-0.9216685, 0.7377183, -0.4692366], 7.177031, 4.858194),
        ["Softmax"] = (() => Softmax(1), [0.01573763, 0.2006393, 0.04685059], 2, 0.6611642),
    };

    public static TheoryData<string> LayerNames => [.. Cases.Keys];

    public static TheoryData<string> ActivationNames => [.. Activations.Keys];

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void Layer_FixedWeights_GivesPytorchsValuesAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var expected = Cases[name];
        using var layer = Fixed(expected.Layer());
        var x = Pattern(expected.Input).requires_grad_();

        var y = layer.call(x);
        y.mul(y).sum().backward();

        Assert.Equal(expected.Output, y.shape);
        AssertClose(expected.First, Values(y), 2e-5);
        AssertClose(expected.Sum, AbsoluteSum(y), 2e-6);
        AssertClose(expected.InputGradient, AbsoluteSum(x.grad!), name == "BatchNorm2d" ? 2e-3 : 1e-5);
        AssertClose(expected.Gradients, [.. layer.parameters().Select(parameter => (float)AbsoluteSum(parameter.grad!))], 1e-5);
    }

    [Theory]
    [MemberData(nameof(ActivationNames))]
    public void Activation_GivesPytorchsValuesAndGradients(string name)
    {
        using var scope = NewDisposeScope();
        var (layer, first, sum, inputGradient) = Activations[name];
        var x = Pattern(2, 5).mul(4).requires_grad_();

        var y = layer().call(x);
        y.mul(y).sum().backward();

        AssertClose(first, Values(y));
        AssertClose(sum, AbsoluteSum(y));
        AssertClose(inputGradient, AbsoluteSum(x.grad!), 1e-5);
    }

    [Fact]
    public void BatchNorm2d_Training_UpdatesRunningStatistics()
    {
        using var scope = NewDisposeScope();
        using var norm = BatchNorm2d(3);

        norm.call(Pattern(2, 3, 4, 4));

        AssertClose([0.00517045474, 0.00460227299, 0.00715909107], Values(norm.running_mean!));
        AssertClose([0.908556879, 0.908336937, 0.908767641], Values(norm.running_var!));
        Assert.Equal(1, norm.num_batches_tracked!.ToInt64());
    }

    [Fact]
    public void BatchNorm2d_Eval_UsesRunningStatisticsAndStillTrainsItsAffineParameters()
    {
        using var scope = NewDisposeScope();
        using var norm = Fixed(BatchNorm2d(3));
        norm.call(Pattern(2, 3, 4, 4));
        norm.eval();
        var x = Pattern(2, 3, 4, 4).requires_grad_();

        var y = norm.call(x);
        y.mul(y).sum().backward();

        AssertClose([-0.2299724, -0.4970189, -0.3444209], Values(y));
        AssertClose(25.66524, AbsoluteSum(y));
        AssertClose(16.34298, AbsoluteSum(x.grad!));
        AssertClose(7.026516, AbsoluteSum(norm.weight!.grad!), 1e-5);
        AssertClose(51.33047, AbsoluteSum(norm.bias!.grad!), 1e-5);
        AssertClose([0.00517045474, 0.00460227299, 0.00715909107], Values(norm.running_mean!));
        Assert.Equal(1, norm.num_batches_tracked!.ToInt64());
    }

    [Fact]
    public void Embedding_PaddingIndex_GetsNoGradient()
    {
        using var scope = NewDisposeScope();
        using var embedding = Fixed(Embedding(5, 3, padding_idx: 1));

        var y = embedding.call(tensor(new long[,] { { 0, 1 }, { 4, 4 } }));
        y.mul(y).sum().backward();

        Assert.Equal([2L, 2L, 3L], y.shape);
        AssertClose([-0.400000006, 0.23636362, -0.127272725, 0.5090909, 0.145454556, -0.218181819], Values(y));
        AssertClose([-0.800000012, 0.472727239, -0.25454545, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.945454478, -0.5090909, 2.0363636], Values(embedding.weight.grad!));
    }

    [Fact]
    public void Dropout_Eval_IsTheIdentity_TrainingKeepsTheMean()
    {
        using var scope = NewDisposeScope();
        using var dropout = Dropout(0.25);
        manual_seed(1);

        var dropped = Values(dropout.call(ones(10000)));
        dropout.eval();
        var kept = Values(dropout.call(Pattern(20)));

        Assert.Equal(Values(Pattern(20)), kept);
        Assert.All(dropped, value => Assert.True(value == 0 || Math.Abs(value - 1 / 0.75f) < 1e-6));
        Assert.InRange(dropped.Count(value => value == 0), 2300, 2700);
    }

    [Fact]
    public void Conv2d_GroupsThatDoNotDivideTheChannels_NamesBoth()
        => Assert.Contains("multiples of groups (2)", Assert.Throws<ArgumentException>(() => Conv2d(3, 4, 1, groups: 2)).Message);
}
