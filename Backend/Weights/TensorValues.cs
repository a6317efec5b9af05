using static TorchSharp.torch;

namespace Dashboard.Backend.Weights;

/// <summary>Numbers out of tensors.</summary>
public static class TensorValues
{
    /// <summary>The values of a tensor in C order, from whatever device; none of an empty one, whose data TorchSharp cannot be asked for.</summary>
    public static T[] ToValues<T>(this Tensor values)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        return values.numel() == 0 ? [] : values.detach().cpu().contiguous().data<T>().ToArray();
    }
}
