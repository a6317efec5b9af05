using static Dashboard.Tests.Torch.Reference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.init;

namespace Dashboard.Tests.Torch.Init;

/// <summary>A seed gives PyTorch's initial weights.</summary>
[Collection(GeneratorCollection.Name)]
public class InitialisationTests
{
    /// <summary>After manual_seed(7): the first numbers and the sum of each parameter.</summary>
    private static readonly Dictionary<string, (Func<Module> Make, (string Name, double[] First, double Sum)[] Parameters)> Layers = new()
    {
        ["Conv2d"] = (() => Conv2d(3, 8, 3), [
            ("weight", [0.0134416921, -0.115930706, 0.0612806119, 0.0603870936], -0.328690949),
            ("bias", [0.126508549, 0.0681247115, 0.0330047719, -0.0568119064], 0.0990985096)]),
        ["Conv1d"] = (() => Conv1d(4, 6, 5), [
            ("weight", [0.0156178344, -0.134699315, 0.0712016374, 0.0701634586], -0.191610779),
            ("bias", [0.0446728021, -0.092907384, 0.145767555, -0.124414138], -0.0455870219)]),
        ["ConvTranspose2d"] = (() => ConvTranspose2d(4, 6, 2), [
            ("weight", [0.0142570678, -0.122963086, 0.064997904, 0.0640501902], 0.380499641),
            ("bias", [-0.124264419, 0.157626957, 0.092440784, 0.157912284], -0.067267105)]),
        ["Linear"] = (() => Linear(10, 20), [
            ("weight", [0.0220869537, -0.190493584, 0.100694314, 0.0992261171], -0.918179525),
            ("bias", [0.144534752, 0.303810388, -0.0568702035, -0.251535892], 0.658781057)]),
        ["Embedding"] = (() => Embedding(10, 4, padding_idx: 1), [("weight", [-0.820134521, 0.395631164, 0.898908496, -1.38840389, 0, 0, 0, 0], 4.20838381)]),
        ["Sequential"] = (() => Sequential(Conv2d(3, 4, 3, bias: false), BatchNorm2d(4), Linear(4, 2)), [
            ("0.weight", [0.0134416921, -0.115930706, 0.0612806119, 0.0603870936], 0.108452944),
            ("1.weight", [1, 1, 1, 1], 4),
            ("1.bias", [0, 0, 0, 0], 0),
            ("2.weight", [-0.289188743, 0.230959833, -0.134718895, 0.318756819], -0.0134392381),
            ("2.bias", [-0.267527819, -0.234996617], -0.502524436)]),
    };

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Fill, long[] Shape, double[] First, double Sum)> Fills = new()
    {
        ["kaiming_normal_"] = (
            t => kaiming_normal_(t, mode: FanInOut.FanOut, nonlinearity: NonlinearityType.ReLU), [6, 5], [-0.473504871, 0.228417754, 0.518985033, -0.80159533], 1.56738539),
        ["kaiming_uniform_"] = (t => kaiming_uniform_(t, a: 1), [6, 5], [0.0541017689, -0.466612101, 0.246649697, 0.243053377], 0.905736014),
        ["xavier_uniform_"] = (t => xavier_uniform_(t), [6, 5], [0.0515840091, -0.444897175, 0.235171258, 0.231742293], 0.863585295),
        ["xavier_normal_"] = (t => xavier_normal_(t), [6, 5], [-0.349706531, 0.1686977, 0.383295864, -0.592017412], 1.1575909),
        ["trunc_normal_"] = (t => trunc_normal_(t, std: 0.02), [6, 5], [0.00175299856, -0.0169180762, 0.00820625201, 0.00807981566], 0.0381526339),
        ["trunc_normal_ cut"] = (t => trunc_normal_(t, std: 2), [6, 5], [0.119593538, -1.08129025, 0.551823914, 0.543575287], 2.13364435),
        ["orthogonal_"] = (t => orthogonal_(t), [6, 5], [-0.368564129, 0.343714356, 0.442990899, -0.352105975], 2.39182293),
        ["orthogonal_ wide"] = (t => orthogonal_(t), [3, 7], [-0.356778622, 0.172109276, 0.391047329, -0.60398984], -2.13662762),
        ["normal_"] = (t => normal_(t, 0, 0.01), [6, 5], [-0.00820134487, 0.00395631138, 0.00898908451, -0.0138840387], 0.0271479096),
    };

    public static TheoryData<string> LayerNames => [.. Layers.Keys];

    public static TheoryData<string> FillNames => [.. Fills.Keys];

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void Layer_Seeded_HasPytorchsWeights(string name)
    {
        using var scope = NewDisposeScope();
        var (make, expected) = Layers[name];
        manual_seed(7);

        using var layer = make();

        var actual = layer.named_parameters().ToArray();
        Assert.Equal(expected.Select(parameter => parameter.Name), actual.Select(parameter => parameter.name));
        foreach (var ((_, first, sum), (_, parameter)) in expected.Zip(actual))
        {
            AssertClose(first, Values(parameter), 1e-8);
            AssertClose(sum, Values(parameter).Sum(x => (double)x), 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(FillNames))]
    public void Fill_Seeded_DrawsPytorchsNumbers(string name)
    {
        using var scope = NewDisposeScope();
        var (fill, shape, first, sum) = Fills[name];
        manual_seed(7);
        var t = empty(shape);

        var returned = fill(t);

        Assert.Same(t, returned);
        AssertClose(first, Values(t), 1e-6);
        AssertClose(sum, Values(t).Sum(x => (double)x), 1e-6);
    }

    [Fact]
    public void KaimingUniform_Vector_IsRefused()
        => Assert.Throws<ArgumentException>(() => kaiming_uniform_(zeros(3)));
}
