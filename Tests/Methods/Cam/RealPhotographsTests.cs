using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Cam;

/// <summary>Real photographs and real weights, where <see cref="Variable"/> names the folder that has both. bench/animals runs the whole of
/// it.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class RealPhotographsTests : IDisposable
{
    /// <summary>A folder with voc-animals/ in VOC's layout and resnet18_imagenet.safetensors.</summary>
    internal const string Variable = "DASHBOARD_REAL_DATA";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A few steps: the weights fit, the loss falls as it only does with features that know animals, and maps of photographs of many sizes
    /// are made and scored.</summary>
    [RealPhotographsFact]
    public void Animals_AFewStepsFromRealWeights_LearnAndAreScored()
    {
        var real = Environment.GetEnvironmentVariable(Variable)!;
        var voc = VocFolder.Open(Few(Path.Combine(real, "voc-animals"), train: 48, val: 4));
        var runs = new MethodRuns(_folder, CamMethod.Descriptor, () => new CamTrainer());
        var options = (CamOptions)CamMethod.Descriptor.Presets.Single(preset => preset.Name == "animals").Options with
        {
            Checkpoint = Path.Combine(real, "resnet18_imagenet.safetensors"),
            Epochs = 3,
            BatchSize = 8,
            CropSize = 160,
            ResizeLongMin = 160,
            ResizeLongMax = 256,
            Scales = [0.5],
            SnapshotImages = 0,
        };

        runs.Execute(options, voc);

        Assert.Contains(runs.Events.OfType<RunLog>(),
            log => log.Message.Contains("basic blocks [2, 2, 2, 3] and 64 channels", StringComparison.Ordinal));
        var losses = runs.Metrics("epoch/loss").ConvertAll(metrics => metrics.Values["epoch/loss"]);
        Assert.True(losses[^1] < losses[0] / 2, $"the loss went {string.Join(", ", losses)}");
        Assert.Equal(4, runs.Events.OfType<RunEvaluated>().First().Protocol.Images);
    }

    /// <summary>The same folder with shorter lists.</summary>
    private string Few(string voc, int train, int val)
    {
        var root = _folder.File("few");
        Directory.CreateDirectory(root);
        foreach (var name in new[] { "JPEGImages", "SegmentationClass", "Annotations" })
            Directory.CreateSymbolicLink(Path.Combine(root, name), Path.Combine(voc, name));
        foreach (var (split, count) in new[] { ("train", train), ("val", val) })
            _folder.Write($"few/ImageSets/Segmentation/{split}.txt",
                string.Join('\n', File.ReadLines(Path.Combine(voc, $"ImageSets/Segmentation/{split}.txt")).Take(count)));
        return root;
    }
}

/// <summary>Skips, visibly, where no folder is named.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealPhotographsFactAttribute : FactAttribute
{
    public RealPhotographsFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(RealPhotographsTests.Variable) is not { Length: > 0 } folder)
            Skip = $"Set {RealPhotographsTests.Variable} to a folder with voc-animals/ and resnet18_imagenet.safetensors.";
        else if (!Directory.Exists(Path.Combine(folder, "voc-animals")))
            Skip = $"{RealPhotographsTests.Variable}: {folder} has no voc-animals/.";
    }
}
