using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Models;

namespace Dashboard.Backend.Training;

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
        var tensors = ResNetNames.Rename(file);
        RequireShape(backbone, file.Path, tensors);
        var source = tensors
            .Where(entry => target.ContainsKey(entry.Key) || !entry.Key.StartsWith("classifier.", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key, entry => entry.Value);
        TensorFile.LoadStrict(target, source, path);
        return $"Initialised the backbone from {path} ({file.Format}, {source.Count} tensors): {backbone.Shape}.";
    }

    /// <summary>Says of a ResNet of another depth what it is, instead of which of its tensors are missing.</summary>
    /// <exception cref="CheckpointException">No ResNet, or not of the backbone's shape.</exception>
    internal static void RequireShape(ResNet backbone, string path, IReadOnlyDictionary<string, TensorData> tensors)
    {
        if (ResNetShapeReader.Read(path, tensors) is var found && found != backbone.Shape)
            throw new CheckpointException(path, $"it holds {found}; the network to fill is {backbone.Shape}. Choose the network that the weights are of (network: auto), or give other weights.");
    }
}
