using static TorchSharp.torch;

namespace Dashboard.Backend.Models;

/// <summary>A residual block of folded convolutions: all but the last one follow each other, and the last one adds the shortcut.</summary>
/// <param name="inner">With the activation behind each.</param>
/// <param name="shortcut">Null: the input itself.</param>
internal sealed class FoldedBlock(IReadOnlyList<FoldedConvolution> inner, FoldedConvolution last, FoldedConvolution? shortcut)
{
    public Tensor Call(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var convolution in inner)
            x = convolution.Activated(x);
        return last.AddedAndActivated(x, shortcut?.Linear(input) ?? input).MoveToOuterDisposeScope();
    }
}

/// <summary>A block that can be folded.</summary>
internal interface IFoldable
{
    /// <summary>Of the weights as they are now, in evaluation.</summary>
    FoldedBlock Fold();
}
