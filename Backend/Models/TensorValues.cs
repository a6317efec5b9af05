using static TorchSharp.torch;

namespace Dashboard.Backend.Models;

public static class TensorValues
{
    /// <summary>The values in C order, from whatever device. TorchSharp's own <c>data</c> fails on a tensor without any.</summary>
    public static float[] Floats(this Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.NumberOfElements == 0 ? [] : values.detach().cpu().contiguous().data<float>().ToArray();
    }
}
