using static TorchSharp.torch;

namespace Dashboard.Backend.Models;

/// <summary>Numbers out of tensors.</summary>
public static class TensorValues
{
    /// <summary>All values of a tensor on the host, row by row; none of an empty one, whose data TorchSharp cannot be asked for.</summary>
    public static T[] ToValues<T>(this Tensor tensor) where T : unmanaged => tensor.numel() == 0 ? [] : tensor.data<T>().ToArray();
}
