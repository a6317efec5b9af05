using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Segment;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Segment;

/// <summary>A trained network on images that belong to no data set: a folder's, and one that the inference process is asked for.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class FolderPredictionTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RunFolder _run;
    private readonly string _images;
    private readonly IReadOnlyList<Sample> _samples;

    public FolderPredictionTests()
    {
        var world = CooccurrenceWorld.Make(_folder.File("world"), train: 4, val: 2, size: 32);
        var options = (SegmentOptions)SegmentMethod.Descriptor.Presets[0].Options with { Iterations = 2, BatchSize = 2, CropSize = 33,
            SnapshotImages = 0, Labels = SegmentOptions.Truth };
        _run = new MethodRuns(_folder, SegmentMethod.Descriptor, () => new SegmentTrainer()).Execute(options, world);
        (_samples, _images) = (world.Samples("val"), _folder.File("images"));
        Directory.CreateDirectory(_images);
        foreach (var sample in _samples)
            File.Copy(sample.ImagePath, Path.Combine(_images, Path.GetFileName(sample.ImagePath)));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_FolderOfImages_WritesTheRunsOwnMasksWithThePalette()
    {
        var (events, output) = (new List<RunEvent>(), _folder.File("masks"));
        using var predictor = SegmentPredictor.Open(_run, LoadedLibtorch.Device("cpu"));
        var prediction = FolderPrediction.Prepare(_images, output);
        Assert.Equal(2, prediction.Count);
        Assert.Empty(prediction.Run(predictor, predictor.Test, events.Add, TimeProvider.System, CancellationToken.None));

        foreach (var sample in _samples)
        {
            var mask = Path.Combine(output, sample.Id + ".png");
            Assert.Equal(ImageFile.ReadLabels(Path.Combine(_run.Masks, sample.Id + ".png")).Labels, ImageFile.ReadLabels(mask).Labels);
            Assert.Equal(VocPalette.Rgb.Take(3 * 21), Decode(File.ReadAllBytes(mask)).Palette.Chunk(4).Take(21).SelectMany(entry => entry[..3]));
        }
        Assert.Equal(1, events.OfType<RunProgress>().Last().Fraction);
    }

    [Fact]
    public void Prepare_MaskThatIsThere_IsNotOverwritten()
    {
        var there = _folder.Write($"masks/{_samples[1].Id}.png", "precious");
        var error = Assert.Throws<InvalidDataException>(() => FolderPrediction.Prepare(_images, _folder.File("masks")));
        Assert.Contains(there, error.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is overwritten", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(there));
    }

    [Fact]
    public void Prepare_TwoImagesOfOneName_NamesBoth()
    {
        File.Copy(_samples[0].ImagePath, Path.Combine(_images, _samples[0].Id + ".png"));
        var error = Assert.Throws<InvalidDataException>(() => FolderPrediction.Prepare(_images, _folder.File("masks")));
        Assert.Contains($"would both become {_samples[0].Id}.png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DamagedImage_IsToldAndTheOthersGetMasks()
    {
        var (output, damaged) = (_folder.File("masks"), _folder.Write("images/damaged.jpg", "no image"));
        using var predictor = SegmentPredictor.Open(_run, LoadedLibtorch.Device("cpu"));
        var failed = FolderPrediction.Prepare(_images, output).Run(predictor, predictor.Test, _ => { }, TimeProvider.System, CancellationToken.None);
        Assert.Contains(damaged, Assert.Single(failed), StringComparison.Ordinal);
        Assert.Equal(_samples.Select(sample => $"{sample.Id}.png").Order(), Directory.GetFiles(output).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Answer_OneImage_IsTheRunsMaskWithItsShares()
    {
        using var models = new LoadedModels(new ModelCatalog(_folder.Path));
        var image = File.ReadAllBytes(_samples[0].ImagePath);
        var report = PredictHandler.Answer(new(_run.Path, image, "a.jpg", ImageOrientation.Upright, Flip: null, Crf: null), models);

        var mask = ImageFile.ReadLabels(Path.Combine(_run.Masks, _samples[0].Id + ".png"));
        Assert.Equal(mask.Labels, Decode(report.Labels).ToLabels().Labels);
        Assert.Equal((32, 32, true, false), (report.Width, report.Height, report.Flip, report.Crf));
        Assert.Equal(report.Names.Select((_, label) => mask.Labels.Count(found => found == label) / 1024.0), report.Shares);
        Assert.True(PredictHandler.Answer(new(_run.Path, image, "a.jpg", ImageOrientation.Upright, Flip: false, Crf: true), models) is { Flip: false,
            Crf: true });
    }

    [Fact]
    public void Answer_RunOfAnotherKind_SaysWhatItIs()
    {
        using var models = new LoadedModels(new ModelCatalog(_folder.Path));
        File.Delete(_run.File("network.json"));
        var request = new PredictRequest(_run.Path, File.ReadAllBytes(_samples[0].ImagePath), "a.jpg", ImageOrientation.Upright, null, null);
        Assert.Contains("network.json tells no segmentation network",
            Assert.Throws<InferenceException>(() => PredictHandler.Answer(request, models)).Message, StringComparison.Ordinal);
    }

    private static DecodedImage Decode(byte[] png) => ImageFile.Codec.Decode(png, "mask.png", ImageLimits.Default);
}
