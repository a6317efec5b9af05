using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Methods.ClipTraining;
using Dashboard.Domain.Methods;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Methods.ClipTraining;

/// <summary>SimSeg's published recipe, but for sizes: twenty pairs of 32 pixels, and towers of a few kilobytes from files.</summary>
internal sealed class SmallTraining : IDisposable
{
    public SmallTraining()
    {
        World = CooccurrenceWorld.Make(Folder.File("world"), train: 1, val: 6, captions: 20, size: 32);
        Towers = new SmallTowers(Folder, [.. CaptionCorpus.Of(World).Captions, "a photo of a", .. World.Classes.Names]);
        Runs = new MethodRuns(Folder, SimSegMethod.Descriptor, () => new ClipTrainer(SimSegMethod.Descriptor.Name));
        Options = (ClipTrainingOptions)SimSegMethod.Descriptor.Presets.Single(preset => preset.Name == "published").Options with
        {
            VisionWeights = Towers.Vision(),
            TextWeights = Towers.Text(),
            ImageSize = 32,
            EvaluationSize = 48,
            EmbeddingSize = 12,
            Epochs = 3,
            BatchSize = 8,
            PairsAtOnce = 3,
            SnapshotImages = 1,
            LoaderThreads = 1,
            TensorThreads = 1,
        };
    }

    public TempFolder Folder { get; } = new();
    public IImageDataset World { get; }
    public SmallTowers Towers { get; }
    public MethodRuns Runs { get; }

    /// <summary>Two steps an epoch, in three parts each.</summary>
    public ClipTrainingOptions Options { get; }

    public void Dispose() => Folder.Dispose();
}
