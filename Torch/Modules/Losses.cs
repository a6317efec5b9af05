using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>A loss of an input and a target.</summary>
public abstract class Loss : nn.Module<Tensor, Tensor, Tensor>
{
    private protected Loss(string name, Reduction reduction) : base(name) => this.reduction = reduction;

    public Reduction reduction { get; }
}

public sealed class CrossEntropyLoss : Loss
{
    internal CrossEntropyLoss(Tensor? weight, long? ignore_index, Reduction reduction) : base(nameof(CrossEntropyLoss), reduction)
    {
        (this.weight, this.ignore_index) = (weight, ignore_index);
    }

    public Tensor? weight { get; }
    public long? ignore_index { get; }

    public override Tensor forward(Tensor input, Tensor target) => functional.cross_entropy(input, target, weight, ignore_index ?? -100, reduction);
}

public sealed class BCELoss : Loss
{
    internal BCELoss(Tensor? weight, Reduction reduction) : base(nameof(BCELoss), reduction) => this.weight = weight;

    public Tensor? weight { get; }

    public override Tensor forward(Tensor input, Tensor target) => functional.binary_cross_entropy(input, target, weight, reduction);
}

public sealed class BCEWithLogitsLoss : Loss
{
    internal BCEWithLogitsLoss(Tensor? weight, Reduction reduction, Tensor? pos_weights) : base(nameof(BCEWithLogitsLoss), reduction)
    {
        (this.weight, this.pos_weights) = (weight, pos_weights);
    }

    public Tensor? weight { get; }
    public Tensor? pos_weights { get; }

    public override Tensor forward(Tensor input, Tensor target)
        => functional.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
}

public sealed class MultiLabelSoftMarginLoss : Loss
{
    internal MultiLabelSoftMarginLoss(Tensor? weight, Reduction reduction) : base(nameof(MultiLabelSoftMarginLoss), reduction) => this.weight = weight;

    public Tensor? weight { get; }

    public override Tensor forward(Tensor input, Tensor target) => functional.multilabel_soft_margin_loss(input, target, weight, reduction);
}

public sealed class MSELoss : Loss
{
    internal MSELoss(Reduction reduction) : base(nameof(MSELoss), reduction) { }

    public override Tensor forward(Tensor input, Tensor target) => functional.mse_loss(input, target, reduction);
}

public sealed class L1Loss : Loss
{
    internal L1Loss(Reduction reduction) : base(nameof(L1Loss), reduction) { }

    public override Tensor forward(Tensor input, Tensor target) => functional.l1_loss(input, target, reduction);
}
