using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Methods.Refinement;

namespace Dashboard.Tests.Methods.Nsrom;

/// <summary>A few small images, and runs of what NSROM's stages start from: written by hand, or trained for a moment.</summary>
internal sealed class NsromWorld : IDisposable
{
    public const string Classifier = "classifier", Maps = TinyWorld.Truth, Cam = "cam-maps", Saliency = "saliency-run", Labels = "labels-run",
        Prediction = "round-1";

    private readonly TinyWorld _world = new();

    public static NsromOptions Classification { get; } = Small((NsromOptions)NsromMethod.Descriptor.Presets[0].Options);

    public static IamOptions Integration { get; } = Small((IamOptions)IamMethod.Descriptor.Presets[0].Options);

    public Dashboard.Tests.Datasets.TempFolder Folder => _world.Folder;

    public IImageDataset Data => _world.Data;

    public MethodRuns Runs(MethodDescriptor method, Func<IRunMethod> create, params (string Role, string Run)[] inputs) =>
        new(_world.Folder, method, create) { Inputs = inputs.ToDictionary(input => input.Role, input => input.Run) };

    public MethodRuns Classifiers => Runs(NsromMethod.Descriptor, () => new NsromTrainer());

    /// <summary>A run of saliency, or its maps anew. Without a map the ground truth is the saliency: all that is no background is white.</summary>
    public void WriteSaliency(Func<Sample, byte[]>? map = null)
    {
        var run = new DataFolder(_world.Folder.Path).Run(Saliency);
        Directory.CreateDirectory(run.Saliency);
        foreach (var sample in All)
        {
            var levels = map?.Invoke(sample)
                ?? Array.ConvertAll(sample.ReadTruth().Labels, label => label is 0 or LabelMap.Ignore ? (byte)0 : (byte)255);
            ImageFile.WritePng(Path.Combine(run.Saliency, sample.Id + ".png"), new(32, 32, 1, levels));
        }
        if (File.Exists(run.Spec))
            return;
        RunFolder.Create(run.Path, new RunSpec
        {
            Id = Saliency,
            Method = SaliencyMethod.Descriptor.Name,
            Options = SaliencyMethod.Descriptor.Schema.Write(new SaliencyOptions { Folder = "/maps" }),
            Dataset = Data.Root,
            Seed = 0,
            Device = "cpu",
            CodeVersion = "test",
            Created = DateTimeOffset.UnixEpoch,
        });
    }

    /// <summary>Label maps of all images in a run of that name.</summary>
    public void WriteLabels(string run, Func<Sample, byte[]> labels)
    {
        var folder = new DataFolder(_world.Folder.Path).Run(run);
        Directory.CreateDirectory(folder.Masks);
        foreach (var sample in All)
            ImageFile.WriteLabels(LabelMapScoring.PathOf(folder, sample.Id), new(32, 32, labels(sample)));
    }

    /// <summary>Soft maps of all images in a run of that name.</summary>
    /// <param name="map">Of a class of an image.</param>
    public void WriteMaps(string run, Func<Sample, int, float[]> map)
    {
        var folder = new DataFolder(_world.Folder.Path).Run(run);
        Directory.CreateDirectory(folder.Cams);
        foreach (var sample in All)
            SoftCamFile.Write(SoftCamFile.PathOf(folder.Cams, sample.Id), new(32, 32, sample.Tags, [.. sample.Tags.SelectMany(k => map(sample, k))]));
    }

    /// <summary>The soft maps of the ground truth, changed.</summary>
    public string MapOf(Sample sample) => _world.MapOf(sample);

    public IEnumerable<Sample> All => Data.Samples("train").Concat(Data.Samples("val"));

    public void Dispose() => _world.Dispose();

    private static T Small<T>(T options) where T : NsromNetOptions => options with
    {
        Epochs = 3,
        BatchSize = 3,
        ImageSize = 32,
        Nodes = 4,
        DecayAfter = [2],
        SnapshotImages = 1,
        TensorThreads = 1,
    };
}
