using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Nsrom;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>Training data of both of NSROM's networks: every image of the training split in every epoch.</summary>
internal static class NsromBatches
{
    /// <exception cref="Datasets.DatasetException">There is no such split, or it has no image.</exception>
    public static BatchLoader Loader(RunContext context, NsromNetOptions options) => new(
        context.Dataset.Samples(options.TrainSplit),
        context.Dataset.Classes.Count,
        new NsromAugmentation(options.ImageSize, options.ColourJitter),
        new BatchLoaderOptions
        {
            BatchSize = options.BatchSize,
            Seed = context.Spec.Seed,
            Threads = options.LoaderThreads,
            DropLast = false,
        });

    /// <returns><c>[N, 3, S, S]</c></returns>
    public static Tensor Images(Batch batch, NsromNetOptions options, Device device) =>
        batch.ImageTensor(options.ImageSize, options.ImageSize, device);
}
