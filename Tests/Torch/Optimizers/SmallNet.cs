using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Torch.Optimizers;

/// <summary>The network, data and loss of the reference trajectories: two linear layers, two samples, after manual_seed(3).</summary>
internal sealed class SmallNet : IDisposable
{
    private readonly Tensor _inputs = tensor(new[,] { { 0.5f, -1f, 2f }, { 1.5f, 0.25f, -0.75f } }).DetachFromDisposeScope();
    private readonly Tensor _targets = tensor(new[,] { { 1f, 0f }, { 0f, 1f } }).DetachFromDisposeScope();

    public SmallNet()
    {
        manual_seed(3);
        First = Linear(3, 4);
        Last = Linear(4, 2);
        Net = Sequential(First, ReLU(), Last);
    }

    public Linear First { get; }

    public Linear Last { get; }

    public Sequential Net { get; }

    public float Step(optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = functional.multilabel_soft_margin_loss(Net.call(_inputs), _targets);
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }

    public float[] Steps(optim.Optimizer optimizer, int count) => [.. Enumerable.Range(0, count).Select(_ => Step(optimizer))];

    public void Dispose()
    {
        Net.Dispose();
        _inputs.Dispose();
        _targets.Dispose();
    }
}
