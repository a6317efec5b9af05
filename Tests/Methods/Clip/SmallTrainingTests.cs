using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Methods;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Methods.SimSeg;

namespace Dashboard.Tests.Methods.Clip;

/// <summary>Tests of SimSeg's published recipe, but for sizes: twenty pairs of 32 pixels, and towers of a few kilobytes from files.</summary>
public abstract class SmallTrainingTests : IDisposable
{
    private protected SmallTrainingTests()
    {
        World = CooccurrenceWorld.Make(Folder.File("world"), train: 1, val: 6, captions: 20, size: 32);
        Towers = new SmallTowers(Folder, [.. CaptionCorpus.Of(World).Captions, "a photo of a", .. World.Classes.Names]);
        Runs = new MethodRuns(Folder, SimSegMethod.Descriptor, () => MethodRegistry.Create(SimSegMethod.Descriptor.Name));
        Small = (ClipTrainingOptions)SimSegMethod.Descriptor.Presets.Single(preset => preset.Name == "published").Options with
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

    private protected TempFolder Folder { get; } = new();
    private protected IImageDataset World { get; }
    private protected SmallTowers Towers { get; }
    private protected MethodRuns Runs { get; }

    /// <summary>Two steps an epoch, in three parts each.</summary>
    private protected ClipTrainingOptions Small { get; }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
