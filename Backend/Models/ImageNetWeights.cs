using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

using static TorchSharp.torch;

namespace Dashboard.Backend.Models;

/// <summary>Published ResNet weights (torchvision's .pth, safetensors, IRN's and CLIMS's checkpoints) for a backbone.</summary>
public static class ImageNetWeights
{
    /// <summary>Overwrites every weight and statistic of the backbone.</summary>
    /// <returns>A sentence that says what was loaded.</returns>
    /// <exception cref="CheckpointException">The file is damaged, or holds another network: names the file and the key.</exception>
    public static string Load(ResNet backbone, string path)
    {
        using var file = CheckpointFile.Open(path);
        var target = backbone.state_dict();
        var source = ResNetNames.Rename(file)
            .Where(entry => target.ContainsKey(entry.Key) || !entry.Key.StartsWith("classifier.", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        LoadWhole(backbone, target, source, file);
        return $"Initialised the backbone from {path} ({file.Format}, {source.Count} tensors): {backbone.Shape}.";
    }

    /// <summary>As <see cref="TensorFile.LoadStrict"/>; of a whole ResNet of another depth it says what that is, instead of which tensors are
    /// missing.</summary>
    /// <exception cref="CheckpointException">The file does not fit: nothing has been overwritten.</exception>
    internal static void LoadWhole(ResNet backbone, IReadOnlyDictionary<string, Tensor> target, IReadOnlyDictionary<string, TensorData> source,
        CheckpointFile file)
    {
        try
        {
            TensorFile.LoadStrict(target, source, file.Path);
        }
        catch (CheckpointException error) when (ShapeOf(file) is { } found && found != backbone.Shape)
        {
            throw new CheckpointException(
                file.Path,
                $"it holds {found}; the network to fill is {backbone.Shape}. Choose the network that the weights belong to (network: auto), or "
                + "give other weights.", error);
        }
    }

    /// <summary>Null where it is not a whole ResNet.</summary>
    private static ResNetShape? ShapeOf(CheckpointFile file)
    {
        try
        {
            return ResNetShapeReader.Read(file.Path, ResNetNames.Rename(file));
        }
        catch (CheckpointException)
        {
            return null;
        }
    }
}
