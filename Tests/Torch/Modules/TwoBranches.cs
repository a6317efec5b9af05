using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Torch.Modules;

/// <summary>A network with every kind of component, as a user writes one.</summary>
internal sealed class TwoBranches : Module<Tensor, Tensor>
{
    private readonly Sequential features;
    private readonly ModuleList<Conv2d> branches;
    private readonly Parameter scale;
    private readonly Tensor mean;

    public TwoBranches() : base(nameof(TwoBranches))
    {
        features = Sequential(("conv", Conv2d(3, 4, 3, padding: 1, bias: false)), ("norm", BatchNorm2d(4)), ("relu", ReLU(inplace: true)));
        branches = ModuleList(Conv2d(4, 2, 1), Conv2d(4, 2, 1));
        scale = new Parameter(ones(1));
        mean = full([1], 0.5f);
        RegisterComponents();
    }

    public Parameter Scale => scale;

    public Tensor Mean => mean;

    public override Tensor forward(Tensor x)
    {
        using var centred = x - mean;
        using var shared = features.call(centred);
        using var sum = branches[0].call(shared) + branches[1].call(shared);
        return sum * scale;
    }
}
