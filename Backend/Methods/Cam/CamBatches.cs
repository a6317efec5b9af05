using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Seeds;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>Training data of CAM networks: IRN's augmentation of the training split.</summary>
internal static class CamBatches
{
    /// <exception cref="Datasets.DatasetException">There is no such split, or it has fewer images than a batch.</exception>
    public static BatchLoader Loader(RunContext context, CamNetOptions options, Normalisation normalisation) => new(
        context.Dataset.Samples(options.TrainSplit),
        context.Dataset.Classes.Count,
        new CamAugmentation(options.CropSize, options.ResizeLongMin, options.ResizeLongMax, options.FlipProbability, normalisation),
        new BatchLoaderOptions
        {
            BatchSize = options.BatchSize,
            Seed = context.Spec.Seed,
            Threads = options.LoaderThreads,
            ReducedDecoding = options.ReducedDecoding,
        });

    /// <returns><c>[N, 3, S, S]</c></returns>
    public static Tensor Images(Batch batch, CamNetOptions options, Device device) => batch.ImageTensor(options.CropSize, options.CropSize, device);
}
