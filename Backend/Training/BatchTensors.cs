using Dashboard.Backend.Datasets.Loading;
using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>What the loader's threads have made as a tensor, where it lies: the training thread copies nothing.</summary>
public static class BatchTensors
{
    /// <returns><c>[Count, 3, height, width]</c> on the host, in the batch's own memory: not to be changed, nor used once the batch is
    /// disposed.</returns>
    public static Tensor ImageTensor(this Batch batch, long height, long width)
    {
        using var memory = frombuffer(batch.Images, float32);
        return memory.view(batch.Count, 3, height, width);
    }
}
