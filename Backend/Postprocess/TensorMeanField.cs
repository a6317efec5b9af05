using Dashboard.Backend.Images;
using Dashboard.Backend.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Postprocess;

/// <summary>
/// By tensor operations, for a GPU: lattices, filters and iterations all run there. Sums are made in the same order at every call; they differ from
/// the processor's in the last digits.
/// </summary>
internal sealed class TensorMeanField : IMeanField
{
    private readonly Device _device;
    private readonly TensorFilter[] _filters;

    public TensorMeanField(ImageBuffer rgb, IReadOnlyList<PairwiseKernel> kernels, Device device)
    {
        _device = device;
        _filters = [.. kernels.Select(kernel => new TensorFilter(rgb, kernel, device))];
    }

    public float[] Marginals(float[] unary, int labels, int iterations)
    {
        using var scope = NewDisposeScope();
        return Infer(unary, labels, iterations).t().ToValues<float>();
    }

    public byte[] Labels(float[] unary, int labels, int iterations)
    {
        using var scope = NewDisposeScope();
        // Of equals libtorch, too, takes the first.
        return Infer(unary, labels, iterations).argmax(1).to(uint8).ToValues<byte>();
    }

    public void Dispose()
    {
        foreach (var filter in _filters)
            filter.Dispose();
    }

    /// <summary>Equation 3: Q_i(l) = exp(-U_i(l) + sum over kernels of w (K Q)_i(l)) / Z_i; before the first iteration without messages.</summary>
    /// <returns><c>[pixels, labels]</c></returns>
    private Tensor Infer(float[] unary, int labels, int iterations)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var u = tensor(unary, [labels, unary.Length / labels], device: _device).t().contiguous();
        var q = (-u).softmax(1);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            using var step = NewDisposeScope();
            var logits = -u;
            foreach (var filter in _filters)
                logits.add_(filter.Message(q));
            q.copy_(logits.softmax(1));
        }
        return q.MoveToOuterDisposeScope();
    }
}
