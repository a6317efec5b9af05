using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Models;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Methods.Seeds;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Refinement;

/// <summary>Where the ResNet comes from that pixels are told apart by: a file, or the CAM or CLIMS network that made the maps.</summary>
/// <param name="Normalisation">What it was trained with.</param>
/// <param name="Load">Overwrites every weight and statistic; returns a sentence that says what was loaded.</param>
internal sealed record ResNetSource(ResNetShape Shape, PixelNormalisation Normalisation, Func<ResNet, string> Load)
{
    /// <param name="checkpoint">Empty: the network that made the maps.</param>
    /// <param name="maps">The run whose maps are refined.</param>
    /// <exception cref="InvalidRunException">No checkpoint is given, and no network of ours has made the maps.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged, or of another network: names the file and the key.</exception>
    public static ResNetSource Of(RunContext context, string checkpoint, CamNetwork network, RunFolder maps)
    {
        if (checkpoint.Length > 0)
            return new(ResNetShape.Of(network, () => ResNetShapeReader.Read(checkpoint)), PixelNormalisation.ImageNet,
                backbone => ImageNetWeights.Load(backbone, checkpoint));
        using var source = CamSource.Open(context, MakerOf(context, maps), "checkpoint", CPU);
        var tensors = TensorFile.ToData(source.Net.Backbone);
        return new(source.Net.Backbone.Shape, source.Options is ClimsOptions clims ? clims.Normalisation : PixelNormalisation.ImageNet, backbone =>
        {
            TensorFile.LoadStrict(backbone.state_dict(), tensors, maps.Path);
            return $"The backbone is that of the network which made the maps. {source.Description}";
        });
    }

    /// <summary>The CAM or CLIMS run at the beginning of what made the maps.</summary>
    private static RunFolder MakerOf(RunContext context, RunFolder maps)
    {
        var spec = maps.ReadSpec();
        if (MethodCatalog.Find(spec.Method) is { } method && typeof(CamNetOptions).IsAssignableFrom(method.OptionsType))
            return maps;
        var earlier = spec.Inputs.GetValueOrDefault(MapsMethod.Network) ?? spec.Inputs.GetValueOrDefault(CrfMethod.Maps);
        return earlier is not null
            ? MakerOf(context, context.Data.Run(earlier))
            : throw new InvalidRunException("checkpoint",
                $"checkpoint: no CAM or CLIMS network has made the maps of run {maps.Id}. Give weights of a ResNet, such as ImageNet's.");
    }
}
