using TorchSharp.Modules;
using static Dashboard.Tests.Torch.Reference;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch.Optimizers;

/// <summary>Five steps of each optimiser end where PyTorch's end.</summary>
[Collection(GeneratorCollection.Name)]
public class TrajectoryTests
{
    /// <summary>The losses before each step, the first layer's weight and the last layer's bias after the last.</summary>
    private static readonly Dictionary<string, (Func<SmallNet, optim.Optimizer> Make, double[] Losses, double[] Weight, double[] Bias)> Cases = new()
    {
        ["SGD"] = (net => optim.SGD(net.Net.parameters(), 0.1),
            [0.657425046, 0.646317601, 0.635006487, 0.623425364, 0.611518204],
            [-0.572427154, -0.455449253, -0.247287795, -0.546225488, -0.0327769108, -0.507933974, 0.313923627, 0.281399786, 0.10902822, 0.380335003, -0.113771304, 0.475066572],
            [-0.315125108, -0.275262624]),
        ["SGD, momentum and decay"] = (net => optim.SGD(net.Net.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-2),
            [0.657425046, 0.646374822, 0.62509656, 0.593926907, 0.56031996],
            [-0.564920843, -0.449476898, -0.244045094, -0.539062738, -0.0323471054, -0.501273394, 0.309807092, 0.277709723, 0.107598513, 0.283410281, -0.202324867, 0.669998646],
            [-0.305000424, -0.211596087]),
        ["SGD, Nesterov"] = (net => optim.SGD(net.Net.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-2, nesterov: true),
            [0.657425046, 0.636378407, 0.605481267, 0.566367388, 0.537237167],
            [-0.562832594, -0.447815359, -0.243142933, -0.537070036, -0.0322275311, -0.499420375, 0.308661878, 0.276683182, 0.107200772, 0.29622522, -0.232590362, 0.729801655],
            [-0.305225641, -0.184202984]),
        ["SGD, dampening"] = (net => optim.SGD(net.Net.parameters(), 0.1, momentum: 0.9, dampening: 0.5),
            [0.657425046, 0.646317601, 0.63057071, 0.610379636, 0.585800767],
            [-0.572427154, -0.455449253, -0.247287795, -0.546225488, -0.0327769108, -0.507933974, 0.313923627, 0.281399786, 0.10902822, 0.331866235, -0.155029491, 0.568213403],
            [-0.311683685, -0.248221949]),
        ["SGD, two groups"] = (
            net => optim.SGD(
                [
                    new SGD.ParamGroup(net.First.parameters(), new SGD.Options { weight_decay = 1e-4 }),
                    new SGD.ParamGroup(net.Last.parameters(), new SGD.Options { LearningRate = 1.0, weight_decay = 1e-4 }),
                ], 0.1, momentum: 0.9),
            [0.657425046, 0.635417104, 0.589322507, 0.511769056, 0.417450696],
            [-0.572351992, -0.45538938, -0.247255281, -0.546153724, -0.0327726044, -0.507867217, 0.313882411, 0.281362802, 0.109013893, 0.267123938, -0.228281111, 0.730272591],
            [-0.40387553, 0.50294137]),
        ["AdamW"] = (net => optim.AdamW(net.Net.parameters(), 0.01, 0.9, 0.98, 1e-6, weight_decay: 0.2),
            [0.657425046, 0.65025866, 0.642961979, 0.635539055, 0.627993286],
            [-0.56672585, -0.450913012, -0.244824827, -0.540785134, -0.0324504562, -0.50287503, 0.310796916, 0.278597057, 0.107942306, 0.393553406, -0.105823122, 0.392220169],
            [-0.267609745, -0.259443939]),
        ["AdamW, AMSGrad"] = (net => optim.AdamW(net.Net.parameters(), 0.01, weight_decay: 0.1, amsgrad: true),
            [0.657425046, 0.650204659, 0.642833114, 0.63531369, 0.627648592],
            [-0.56957078, -0.453176588, -0.246053845, -0.543499827, -0.0326133557, -0.505399346, 0.312357187, 0.27999562, 0.108484179, 0.395663381, -0.106217019, 0.39405182],
            [-0.26927498, -0.260902464]),
        ["Adam"] = (net => optim.Adam(net.Net.parameters(), 0.01, weight_decay: 0.1),
            [0.657425046, 0.650679111, 0.644043207, 0.637497485, 0.631001055],
            [-0.522511721, -0.405558527, -0.197513342, -0.496314555, 0.0103122666, -0.458030552, 0.264092177, 0.231592104, 0.0597240664, 0.397933036, -0.106494807, 0.395789415],
            [-0.269506007, -0.262454033]),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Optimizer_FiveSteps_EndsWherePytorchEnds(string name)
    {
        var (make, losses, weight, bias) = Cases[name];
        using var net = new SmallNet();
        using var optimizer = make(net);

        AssertClose(losses, net.Steps(optimizer, 5), 5e-7);
        AssertClose(weight, Values(net.First.weight), 5e-7);
        AssertClose(bias, Values(net.Last.bias!), 5e-7);
    }

    [Fact]
    public void Sgd_Maximize_WalksUp()
    {
        using var net = new SmallNet();
        using var optimizer = optim.SGD(net.Net.parameters(), 0.1, maximize: true);

        var losses = net.Steps(optimizer, 3);

        Assert.True(losses[0] < losses[1] && losses[1] < losses[2]);
    }

    [Fact]
    public void Sgd_BadOptions_AreRefused()
    {
        using var net = new SmallNet();

        Assert.Throws<ArgumentException>(() => optim.SGD(net.Net.parameters(), -1));
        Assert.Throws<ArgumentException>(() => optim.SGD(net.Net.parameters(), 0.1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.AdamW(net.Net.parameters(), beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.SGD(net.Net.parameters().Concat(net.First.parameters()), 0.1));
    }

    [Fact]
    public void ClipGradNorm_ScalesAllGradientsTogether()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(zeros(3)) { grad = tensor(new[] { 1f, 2f, 3f }) };
        var b = new Parameter(zeros(2)) { grad = tensor(new[] { -4f, 0.5f }) };

        var norm = nn.utils.clip_grad_norm_([a, b, new Parameter(zeros(1))], 1.0);

        AssertClose(5.5, norm);
        AssertClose([0.181818157, 0.363636315, 0.545454502], Values(a.grad!));
        AssertClose([-0.72727263, 0.0909090787], Values(b.grad!));
    }
}
