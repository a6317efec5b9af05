using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Runs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>
/// What a segmentation network is made of, and what its labels mean: <c>network.json</c> beside the checkpoints, all that is needed to use them
/// again.
/// </summary>
/// <param name="Caffe">
/// The backbone is a <see cref="DeeplabResNet"/>, which takes BGR less the mean; otherwise torchvision's <see cref="ResNet"/>.
/// </param>
/// <param name="Scales">Of DeepLabV2's pyramid, besides the image's own.</param>
/// <param name="Rates">Dilations of DeepLabV2's ASPP.</param>
/// <param name="Labels">Names by label, the background's first.</param>
/// <param name="Dilated">Torchvision's ResNet is <see cref="ResNet">dilated</see>, as its weights need it; networks of earlier versions are not.</param>
public sealed record SegmentShape(
    SegmentArchitecture Architecture, bool Caffe, int Width, IReadOnlyList<int> Blocks, ResNetBlock Block, IReadOnlyList<double> Scales,
    IReadOnlyList<int> Rates, bool FixedNorm,
    IReadOnlyList<string> Labels, bool Dilated = false)
{
    private const string File = "network.json";
    private const int LongestFile = 1 << 20;

    /// <summary>Channels of the small network's first convolution.</summary>
    private const int SmallWidth = 16;

    /// <summary>Of BatchNorm's statistics; the authors'.</summary>
    private const double FixedMomentum = 0.001;

    private const double LearnedMomentum = 0.1;

    /// <summary>Forward passes of one image at its own size that a look at it costs.</summary>
    public double Passes => Architecture == SegmentArchitecture.DeeplabV2 ? 1 + Scales.Sum(scale => scale * scale) : 1;

    /// <summary>What the network takes of a pixel.</summary>
    public PixelInput Input => Caffe ? PixelInput.Caffe : PixelInput.Torchvision;

    /// <param name="labels">Names by label, the background's first.</param>
    /// <exception cref="Weights.CheckpointException">
    /// With network auto: the checkpoint holds no ResNet and no DeepLab, or one that cannot be built on.
    /// </exception>
    public static SegmentShape Of(SegmentOptions options, IReadOnlyList<string> labels)
    {
        var (caffe, backbone) = options.Network switch
        {
            SegmentBackbone.DeeplabResNet101 => (true, ResNetShape.ResNet101),
            SegmentBackbone.DeeplabSmall => (true, new ResNetShape(SmallWidth, [1, 1, 1, 1])),
            SegmentBackbone.ResNet18 => (false, ResNetShape.ResNet18),
            SegmentBackbone.ResNet34 => (false, ResNetShape.ResNet34),
            SegmentBackbone.ResNet50 => (false, ResNetShape.ResNet50),
            SegmentBackbone.ResNet101 => (false, ResNetShape.ResNet101),
            _ => SegmentWeights.ReadShape(options.Checkpoint),
        };
        if (caffe && options.Architecture == SegmentArchitecture.DeeplabV3Plus)
            throw new InvalidRunException("architecture",
                $"architecture: {options.Checkpoint} holds DeepLab's own ResNet; DeepLabV3+ stands on torchvision's. Choose deeplabV2, or give "
                + "weights of torchvision's.");
        return new(
            options.Architecture, caffe, backbone.Width, backbone.Blocks, backbone.Block, [.. options.PyramidScales.Skip(1)], options.AtrousRates,
            options.BatchNorm == BatchNormMode.Fixed, labels, Dilated: !caffe);
    }

    /// <summary>The network with weights drawn at random.</summary>
    public SegmentationNet Build()
    {
        var shape = new ResNetShape(Width, Blocks, Block);
        if (Architecture == SegmentArchitecture.DeeplabV3Plus)
            return new DeeplabV3Plus(new ResNet(shape, outputStride: 16, detachLayer2: false, Dilated), Width * shape.Expansion, Labels.Count, FixedNorm);
        var (backbone, channels) = Caffe ? OwnBackbone() : TorchvisionBackbone();
        return new DeeplabV2(backbone, channels, Labels.Count, Rates, Scales, FixedNorm);

        (Module<Tensor, Tensor>, long) OwnBackbone()
        {
            var own = new DeeplabResNet(Blocks, Width, FixedNorm ? FixedMomentum : LearnedMomentum);
            return (own, own.Channels);
        }

        (Module<Tensor, Tensor>, long) TorchvisionBackbone()
        {
            var resNet = new ResNet(shape, outputStride: 8, detachLayer2: false, Dilated);
            return (resNet, resNet.Channels);
        }
    }

    public void Write(RunFolder run) => WholeFile.Write(run.File(File), stream => JsonSerializer.Serialize(stream, this, RunJson.Indented));

    /// <exception cref="InvalidDataException">The run has left no such file, or it is damaged: names it.</exception>
    public static SegmentShape Read(RunFolder run)
    {
        var path = run.File(File);
        try
        {
            return JsonSerializer.Deserialize<SegmentShape>(SmallFile.Read(path, LongestFile), RunJson.Strict) is { Labels.Count: > 1 and < 256,
                Blocks.Count: 4, Width: > 0 } shape
                ? shape
                : throw new JsonException("it is incomplete.");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{path} tells no segmentation network: {error.Message} Choose a run of the method segment that has trained at least one epoch.",
                error);
        }
    }

    /// <summary>For people: "DeepLabV2 on DeepLab's own ResNet with bottlenecks [3, 4, 23, 3] and 64 channels in its stem".</summary>
    public override string ToString()
    {
        var backbone = new ResNetShape(Width, Blocks, Block).ToString();
        return $"{(Architecture == SegmentArchitecture.DeeplabV2 ? "DeepLabV2" : "DeepLabV3+")} on "
            + $"{(Caffe ? $"DeepLab's own kind of {backbone["a ".Length..]}" : backbone)}";
    }
}
