using Dashboard.Domain.Methods.Nsrom;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Nsrom;

/// <summary>
/// Graph-based global reasoning (NSROM, section 3.1; classification/models/global_reasoning_unit.py, GloRe): positions are projected to nodes of a
/// graph, the graph reasons, and the nodes go back to the positions. Its parameters bear the names of the authors' code.
/// </summary>
public sealed class GlobalReasoning : Module<Tensor, Tensor>
{
    private readonly Conv2d conv_state, conv_proj, conv_extend;
    private readonly GraphConvolution gcn;
    private readonly BatchNorm2d blocker;
    private readonly bool _normalize;

    /// <param name="channels">Of the features.</param>
    /// <param name="nodes">Of the graph; each has twice as many states. 64 in NSROM.</param>
    /// <param name="normalize">Divides the nodes by the number of positions, as GloRe for videos; NSROM does not.</param>
    public GlobalReasoning(long channels, long nodes, bool normalize = false, GraphReasoning reasoning = GraphReasoning.AsInCode)
        : base(nameof(GlobalReasoning))
    {
        var states = 2 * nodes;
        _normalize = normalize;
        conv_state = Conv2d(channels, states, kernel_size: 1);
        conv_proj = Conv2d(channels, nodes, kernel_size: 1);
        gcn = new GraphConvolution(states, nodes, reasoning);
        conv_extend = Conv2d(states, channels, kernel_size: 1, bias: false);
        blocker = BatchNorm2d(channels, eps: 1e-4);
        RegisterComponents();
    }

    /// <summary>The unit gives back what it is given until it has learned, as GloRe's authors begin; NSROM's begin with all of it.</summary>
    public void AddNothing() => init.zeros_(blocker.weight);

    /// <param name="x"><c>[N, channels, h, w]</c></param>
    /// <returns><c>[N, channels, h, w]</c></returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (n, h, w) = (x.shape[0], x.shape[2], x.shape[3]);
        var state = conv_state.call(x).view(n, -1, h * w);
        var B = conv_proj.call(x).view(n, -1, h * w);

        // V = state · Bᵀ, [N, states, nodes]
        var V = state.matmul(B.transpose(1, 2));
        if (_normalize)
            V = V / (h * w);
        var Z = gcn.call(V);

        // Back to the positions by the same B.
        var Y = Z.matmul(B).view(n, -1, h, w);
        return (x + blocker.call(conv_extend.call(Y))).MoveToOuterDisposeScope();
    }
}

/// <summary>Two convolutions: over the nodes (A), and over the states (W).</summary>
internal sealed class GraphConvolution : Module<Tensor, Tensor>
{
    private readonly Conv1d conv1, conv2;
    private readonly GraphReasoning _reasoning;

    public GraphConvolution(long states, long nodes, GraphReasoning reasoning)
        : base(nameof(GraphConvolution))
    {
        _reasoning = reasoning;
        conv1 = Conv1d(nodes, nodes, kernel_size: 1, bias: reasoning == GraphReasoning.AsInCode);
        conv2 = Conv1d(states, states, kernel_size: 1, bias: false);
        RegisterComponents();
    }

    /// <param name="V"><c>[N, states, nodes]</c></param>
    /// <returns><c>[N, states, nodes]</c></returns>
    public override Tensor forward(Tensor V)
    {
        using var scope = NewDisposeScope();
        var AV = conv1.call(V.transpose(1, 2)).transpose(1, 2);
        return conv2.call(_reasoning == GraphReasoning.AsInCode ? functional.relu(V + AV) : V - AV).MoveToOuterDisposeScope();
    }
}
