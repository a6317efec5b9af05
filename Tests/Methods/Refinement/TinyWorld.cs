using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Methods.Refinement;

/// <summary>A few small images, a CAM run on them, and a run whose soft maps are the ground truth, blurred.</summary>
internal sealed class TinyWorld : IDisposable
{
    public const string Cam = "cam-run";
    public const string Truth = "truth-run";

    private const int Size = 32;

    public TinyWorld()
    {
        Data = CooccurrenceWorld.Make(Folder.File("world"), train: 8, val: 4, size: Size);
        Directory.CreateDirectory(MapsOfTruth);
        foreach (var sample in Data.Samples("train").Concat(Data.Samples("val")))
            WriteMaps(sample);
    }

    public TempFolder Folder { get; } = new();

    public IImageDataset Data { get; }

    public string MapsOfTruth => Folder.File("runs", Truth, "cams");

    public string MapOf(Sample sample) => SoftCamFile.PathOf(MapsOfTruth, sample.Id);

    public static CamOptions CamOptions => (CamOptions)CamMethod.Descriptor.Presets[0].Options with
    {
        Epochs = 1,
        BatchSize = 4,
        CropSize = Size,
        ResizeLongMin = Size,
        ResizeLongMax = Size,
        SnapshotImages = 0,
        TensorThreads = 1,
    };

    public void TrainCam() => new MethodRuns(Folder, CamMethod.Descriptor, () => new CamTrainer()).Execute(CamOptions, Data, Cam);

    public void Dispose() => Folder.Dispose();

    /// <summary>0.8 where the class is, 0.02 elsewhere; wrong in the image's upper left corner.</summary>
    private void WriteMaps(Sample sample)
    {
        var truth = sample.ReadTruth();
        var maps = sample.Tags.SelectMany(k =>
            truth.Labels.Select((label, pixel) => (label == k + 1) != (pixel % Size < 3 && pixel / Size < 3) ? 0.8f : 0.02f)).ToArray();
        SoftCamFile.Write(MapOf(sample), new SoftCam(truth.Width, truth.Height, sample.Tags, maps));
    }
}
