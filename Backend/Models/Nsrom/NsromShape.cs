using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Nsrom;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Nsrom;

/// <summary>What an <see cref="NsromNet"/> stands on.</summary>
/// <param name="Residual">Null: VGG-16.</param>
public sealed record NsromShape(ResNetShape? Residual)
{
    private const string FirstOfVgg = "features.0.weight", InNet = "features.";
    private const int OutputStride = 8;

    public static NsromShape Vgg16 { get; } = new(Residual: null);

    private bool IsSmall => Residual == ResNetShape.Small;

    /// <summary>
    /// Side of the convolutions on the features. The authors' see 24 of 256 px; on a small image that would be a quarter of it, and maps would no
    /// longer tell places apart. A ResNet from ImageNet needs none.
    /// </summary>
    private int? Kernel => Residual is null ? 3 : IsSmall ? 1 : null;

    /// <summary>Channels of what stands on the features: the authors' 512, a quarter of it on a small ResNet, else those of the features.</summary>
    private long Width(long channels) => Residual is null ? 512 : IsSmall ? 128 : channels;

    /// <param name="fromWeights">The shape of the weights that the network starts from.</param>
    public static NsromShape Of(NsromNetwork network, Func<NsromShape> fromWeights) => network switch
    {
        NsromNetwork.Vgg16 => Vgg16,
        NsromNetwork.ResNetSmall => new(ResNetShape.Small),
        NsromNetwork.ResNet18 => new(ResNetShape.ResNet18),
        NsromNetwork.ResNet34 => new(ResNetShape.ResNet34),
        NsromNetwork.ResNet50 => new(ResNetShape.ResNet50),
        NsromNetwork.ResNet101 => new(ResNetShape.ResNet101),
        _ => fromWeights(),
    };

    /// <summary>Of published weights: torchvision's VGG-16, or a ResNet.</summary>
    /// <exception cref="CheckpointException">It is neither: names the file and the key.</exception>
    public static NsromShape OfWeights(string path)
    {
        using var file = CheckpointFile.Open(path);
        return NetworkTensors.Of(file, FirstOfVgg).Tensors.ContainsKey(FirstOfVgg) ? Vgg16 : new(ResNetShapeReader.Read(path));
    }

    /// <summary>Of a trained <see cref="NsromNet"/>.</summary>
    /// <exception cref="CheckpointException">It is none: names the file and the key.</exception>
    public static NsromShape OfTrained(string path)
    {
        using var file = CheckpointFile.Open(path);
        return file.Tensors.ContainsKey(FirstOfVgg) ? Vgg16 : new(ResNetShapeReader.Read(path, FeaturesIn(file.Tensors)));
    }

    /// <summary>With weights drawn at random.</summary>
    /// <param name="integral">As of <see cref="NsromNet"/>.</param>
    public NsromNet Build(int classes, bool integral, NsromNetOptions options)
    {
        var resNet = Residual is null ? null : new ResNet(Residual, OutputStride, detachLayer2: false);
        var channels = resNet?.Channels ?? VggFeatures.Channels;
        return new NsromNet((Module<Tensor, Tensor>?)resNet ?? VggFeatures.Create(), channels, classes, integral, options.Nodes, options.Reasoning,
            Width(channels), Kernel);
    }

    /// <summary>Overwrites the features with published weights.</summary>
    /// <returns>A sentence that says what was loaded.</returns>
    /// <exception cref="CheckpointException">The file is damaged, or holds another network: names the file and the key.</exception>
    public static string Load(NsromNet net, string path)
    {
        if (net.Features is ResNet resNet)
            return ImageNetWeights.Load(resNet, path);
        using var file = CheckpointFile.Open(path);
        var tensors = FeaturesIn(NetworkTensors.Of(file, FirstOfVgg).Tensors);
        TensorFile.LoadStrict(net.Features.state_dict(), tensors, path);
        return $"Initialised the features from {path} ({file.Format}, {tensors.Count} tensors): VGG-16.";
    }

    /// <summary>Overwrites the features with those of a trained <see cref="NsromNet"/>.</summary>
    /// <exception cref="CheckpointException">They do not fit: names the file and the key.</exception>
    public static void LoadTrained(NsromNet net, string path)
    {
        using var file = CheckpointFile.Open(path);
        TensorFile.LoadStrict(net.Features.state_dict(), FeaturesIn(file.Tensors), path);
    }

    /// <summary>For people.</summary>
    public override string ToString() => Residual?.ToString() ?? "VGG-16";

    private static Dictionary<string, TensorData> FeaturesIn(IReadOnlyDictionary<string, TensorData> tensors) =>
        tensors.Where(tensor => tensor.Key.StartsWith(InNet, StringComparison.Ordinal))
            .ToDictionary(tensor => tensor.Key[InNet.Length..], tensor => tensor.Value);
}
