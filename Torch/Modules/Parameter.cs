using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that is trained.</summary>
public class Parameter : Tensor
{
    /// <param name="data">Its handle is taken over: the object passed in is empty afterwards.</param>
    public Parameter(Tensor data, bool requires_grad = true) : base(data.TakeHandle())
    {
        this.requires_grad = requires_grad;
    }

    /// <summary>Drops the gradient, or fills it with zeros.</summary>
    internal void ClearGradient(bool drop)
    {
        if (drop)
        {
            grad = null;
            return;
        }

        using var gradient = grad;
        if (gradient is not null)
            nn.init.zeros_(gradient);
    }
}
