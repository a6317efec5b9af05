using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>AffinityNet over a backbone with its weights, the head as drawn; on the host.</summary>
/// <param name="Input">What the backbone takes of a pixel.</param>
/// <param name="Description">A sentence that says where the backbone comes from.</param>
internal sealed record PsaBackbone(AffinityNet Net, PixelInput Input, string Description)
{
    private const string Prefix = "backbone.";

    /// <param name="maps">The run whose maps are refined.</param>
    /// <exception cref="InvalidRunException">No checkpoint is given, and no network of ours has made the maps.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged, or of another network: names the file and the key.</exception>
    public static PsaBackbone Of(RunContext context, PsaOptions options, RunFolder maps)
    {
        if (options.Network == AffinityNetwork.ResNet)
        {
            var source = ResNetSource.Of(context, options.Checkpoint, CamNetwork.Auto, maps);
            var features = new ResNetFeatures(source.Shape);
            var loaded = source.Load(features.ResNet);
            return new(new AffinityNet(features, groupNorm: false),
                source.Normalisation == PixelNormalisation.Clip ? PixelInput.Clip : PixelInput.Torchvision, loaded);
        }
        var vgg = options.Network == AffinityNetwork.Vgg16;
        var net = new AffinityNet(vgg ? new Vgg16() : new ResNet38(), groupNorm: vgg);
        return new(net, vgg ? PixelInput.Caffe : PixelInput.Torchvision, Load(net, options.Checkpoint));
    }

    /// <summary>As PSA's files name the tensors, or as ours do; a classifier among them is left out.</summary>
    private static string Load(AffinityNet net, string path)
    {
        using var file = CheckpointFile.Open(path);
        var target = net.state_dict();
        var source = file.Tensors
            .Select(tensor => KeyValuePair.Create(target.ContainsKey(tensor.Key) ? tensor.Key : Prefix + tensor.Key, tensor.Value))
            .Where(tensor => target.ContainsKey(tensor.Key)).ToDictionary();
        var backbone = target.Where(tensor => tensor.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary();
        TensorFile.LoadStrict(backbone, source.Where(tensor => backbone.ContainsKey(tensor.Key)).ToDictionary(), path);
        return $"Initialised AffinityNet's backbone from {path} ({file.Format}, {backbone.Count} tensors).";
    }
}
