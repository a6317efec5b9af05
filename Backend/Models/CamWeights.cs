using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;


namespace Dashboard.Backend.Models;

/// <summary>Trained CAM networks to start from: checkpoints of our own runs, and of the code of IRN and CLIMS.</summary>
public static class CamWeights
{
    /// <summary>Overwrites the weights and statistics of a network, classifier included.</summary>
    /// <param name="strict">Every tensor must be there; otherwise what is not there, or has another shape, stays as it is.</param>
    /// <returns>A sentence that says what was loaded, and what was not.</returns>
    /// <exception cref="CheckpointException">
    /// The file is damaged, or holds another network: names the file and the key. The network is untouched.
    /// </exception>
    public static string Load(CamNet net, string path, bool strict)
    {
        using var file = CheckpointFile.Open(path);
        var (target, source) = (net.state_dict(), Named(file));
        var loaded = $"Initialised the CAM network from {path} ({file.Format}, {source.Count} tensors)";
        if (strict)
        {
            ImageNetWeights.LoadWhole(net.Backbone, target, source, file);
            return $"{loaded}.";
        }
        var left = TensorFile.LoadFitting(target, source);
        return left.Count == 0
            ? $"{loaded}."
            : $"{loaded}. {left.Count} of the network's {target.Count} tensors are not in it and start at random: "
                + $"{string.Join(", ", left.Take(12))}{(left.Count > 12 ? ", ..." : "")}.";
    }

    /// <summary>The tensors under the names they have in a <see cref="CamNet"/>.</summary>
    private static IReadOnlyDictionary<string, TensorData> Named(CheckpointFile file)
    {
        const string Stem = "backbone.conv1.weight";
        var own = NetworkTensors.Of(file, Stem).Tensors;
        return own.ContainsKey(Stem)
            ? own
            : ResNetNames.Rename(file).ToDictionary(
                entry => entry.Key.StartsWith("classifier.", StringComparison.Ordinal) ? entry.Key : $"backbone.{entry.Key}",
                entry => entry.Value);
    }
}
