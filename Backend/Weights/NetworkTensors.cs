using System.Text.RegularExpressions;

namespace Dashboard.Backend.Weights;

/// <summary>
/// The tensors of a network under its own names: without what DataParallel ("module."), torch.compile ("_orig_mod."), Lightning ("model.", "net."),
/// averages of weights
/// ("ema.") and the like put before them, several of these stacked.
/// </summary>
/// <param name="Tensors">By name.</param>
/// <param name="Keys">What a tensor is called in the file, by name.</param>
/// <param name="Beside">Keys of the file that are not a part of the network: of a loss, of a second network.</param>
internal sealed partial record NetworkTensors(IReadOnlyDictionary<string, TensorData> Tensors, IReadOnlyDictionary<string, string> Keys,
    IReadOnlyList<string> Beside)
{
    /// <param name="anchors">Names by one of which the network is known. Without any of them the file is taken as it is: what reads it says what is
    /// missing.</param>
    /// <exception cref="CheckpointException">Two keys are one name: names them.</exception>
    public static NetworkTensors Of(CheckpointFile file, params IReadOnlyList<string> anchors)
    {
        var wrapper = file.Tensors.Keys.Select(key => Wrapper(Inner().Replace(key, "$1"), anchors)).OfType<string>()
            .OrderBy(found => Average().IsMatch(found)).ThenBy(found => found.Length).ThenBy(found => found, StringComparer.Ordinal).FirstOrDefault()
                ?? "";
        var (tensors, keys, beside) = (new Dictionary<string, TensorData>(), new Dictionary<string, string>(), new List<string>());
        foreach (var (key, tensor) in file.Tensors)
        {
            var name = Inner().Replace(key, "$1");
            if (!name.StartsWith(wrapper, StringComparison.Ordinal))
                beside.Add(key);
            else if (tensors.TryAdd(name[wrapper.Length..], tensor))
                keys[name[wrapper.Length..]] = key;
            else
                throw new CheckpointException(file.Path,
                    $"'{keys[name[wrapper.Length..]]}' and '{key}' are both '{name[wrapper.Length..]}'. Save one network alone.");
        }

        return new(tensors, keys, beside);
    }

    /// <summary>What stands before an anchor in a key; null where that is not a wrapper, or the key has no anchor.</summary>
    private static string? Wrapper(string key, IReadOnlyList<string> anchors) =>
        anchors.FirstOrDefault(anchor =>
            key.EndsWith(anchor, StringComparison.Ordinal) && Outer().IsMatch(key.AsSpan(0, key.Length - anchor.Length))) is { } found
                ? key[..^found.Length]
                : null;

    /// <summary>Put by torch.compile, FSDP and activation checkpointing before any module's name, not only the network's.</summary>
    [GeneratedRegex(@"(^|\.)(?:(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.)+")]
    private static partial Regex Inner();

    [GeneratedRegex(
        @"^(?:(?:module|model|net|network|student|clip|clip_model|state_dict|ema|ema_model|model_ema|ema_net|teacher|averaged_model)\.)*$")]
    private static partial Regex Outer();

    /// <summary>A second copy, where the weights themselves are there too.</summary>
    [GeneratedRegex(@"ema|teacher|averaged")]
    private static partial Regex Average();
}
