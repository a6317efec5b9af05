using System.Diagnostics;
using Dashboard.Backend.Datasets.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>
/// The loader's batches, each with its images on the device before its step begins: while a step goes on, a thread brings those of the next one
/// there. On the CPU they are where they belong already, and nothing is done.
/// </summary>
/// <param name="bring">
/// Of the images on the host, <c>[N, 3, H, W]</c> or as they lie, a copy on the device, which is disposed with the batch. Null: batches are handed on
/// as the loader gives them.
/// </param>
public sealed class DeviceBatches(BatchLoader loader, Func<Tensor, Tensor>? bring)
{
    private TimeSpan _waited;

    public static DeviceBatches For(BatchLoader loader, Device device) => new(loader, device.type == DeviceType.CUDA ? Bring(device) : null);

    /// <summary>How long the consumer has waited for batches in all.</summary>
    public TimeSpan Waited => bring is null ? loader.Waited : _waited;

    /// <inheritdoc cref="BatchLoader.Read"/>
    public IEnumerable<Batch> Read(int epochs, int startEpoch = 0, CancellationToken cancellation = default)
    {
        var batches = loader.Read(epochs, startEpoch, cancellation: cancellation);
        return bring is null ? batches : OneAhead(batches, bring);
    }

    private IEnumerable<Batch> OneAhead(IEnumerable<Batch> batches, Func<Tensor, Tensor> bring)
    {
        using var source = batches.GetEnumerator();
        var next = Task.Run(Next);
        try
        {
            while (Take() is { } batch)
            {
                next = Task.Run(Next);
                yield return batch;
            }
        }
        finally
        {
            // The loader's threads end with the source, which must not be in use; a failure behind the last batch that was asked for is nobody's.
            next.ContinueWith(unused => (unused.IsCompletedSuccessfully ? unused.Result : null)?.Dispose(), TaskScheduler.Default).Wait();
        }

        Batch? Next()
        {
            if (!source.MoveNext())
                return null;
            var batch = source.Current;
            batch.OnDevice = bring(batch.ImagesOnHost());
            return batch;
        }

        Batch? Take()
        {
            var asked = Stopwatch.GetTimestamp();
            var batch = next.GetAwaiter().GetResult();
            _waited += Stopwatch.GetElapsedTime(asked);
            next = Task.FromResult<Batch?>(null);
            return batch;
        }
    }

    /// <summary>
    /// By way of page-locked memory, from which the device fetches by itself: neither thread waits until the step before is over. libtorch keeps that
    /// memory until it has been fetched.
    /// </summary>
    private static Func<Tensor, Tensor> Bring(Device device) => host =>
    {
        using (host)
        using (var locked = host.pin_memory())
            return locked.to(device, non_blocking: true);
    };
}
