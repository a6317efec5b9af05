using Dashboard.Backend.Images;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Postprocess;

/// <summary><see cref="NormalisedFilter"/> by tensor operations: a pairwise kernel's filter over one image.</summary>
internal sealed class TensorFilter : IDisposable
{
    private readonly TensorLattice _lattice;
    private readonly float _weight;
    private readonly Tensor? _before;
    private readonly Tensor? _after;

    public TensorFilter(ImageBuffer rgb, PairwiseKernel kernel, Device device)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        (_lattice, _weight) = (new(kernel.Features(rgb), device), kernel.Weight);
        if (kernel.Normalisation == KernelNormalisation.None)
            return;

        // K1, and what divides by it.
        var sums = _lattice.Filter(ones(rgb.Width * rgb.Height, 1, device: device)).to(float64) + 1e-20;
        var norm = (kernel.Normalisation == KernelNormalisation.Symmetric ? sums.rsqrt() : sums.reciprocal()).to(float32).DetachFromDisposeScope();
        _before = kernel.Normalisation == KernelNormalisation.After ? null : norm;
        _after = kernel.Normalisation == KernelNormalisation.Before ? null : norm;
    }

    /// <summary>w times the filtered marginals, as Potts compatibility has it.</summary>
    /// <param name="q"><c>[pixels, labels]</c></param>
    /// <returns><c>[pixels, labels]</c></returns>
    public Tensor Message(Tensor q)
    {
        using var scope = NewDisposeScope();
        var message = _lattice.Filter(_before is null ? q : q * _before).mul_(_weight);
        return (_after is null ? message : message.mul_(_after)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _lattice.Dispose();
        _before?.Dispose();
        _after?.Dispose();
    }
}
