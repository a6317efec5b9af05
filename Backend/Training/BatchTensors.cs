using Dashboard.Backend.Datasets.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>What the loader's threads have made as a tensor, where it lies: the training thread copies nothing.</summary>
public static class BatchTensors
{
    /// <returns>
    /// <c>[Count, 3, height, width]</c> on the device. On the host that is the batch's own memory: not to be changed, nor used once the batch is
    /// disposed.
    /// </returns>
    public static Tensor ImageTensor(this Batch batch, long height, long width, Device device)
    {
        if (batch.OnDevice is Tensor ahead)
            return ahead.view(batch.Count, 3, height, width);
        using var host = batch.ImagesOnHost();
        return host.view(batch.Count, 3, height, width).SendTo(device);
    }

    /// <summary>
    /// A tensor of the host on the device, without waiting for what that still has to do: it is fetched when its turn comes, from memory of the
    /// driver's, so that the host's may go at once.
    /// </summary>
    public static Tensor SendTo(this Tensor host, Device device) =>
        device.type == DeviceType.CUDA ? host.to(device, non_blocking: true) : host;

    /// <summary>All images of the batch, in its own memory.</summary>
    internal static Tensor ImagesOnHost(this Batch batch) => frombuffer(batch.Images, float32);
}
