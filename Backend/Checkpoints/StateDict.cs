using Dashboard.Backend.Pickle;

namespace Dashboard.Backend.Checkpoints;

/// <summary>Finds the tensors in an unpickled checkpoint.</summary>
internal static class StateDict
{
    /// <summary>Under these keys training scripts keep the state dict beside epoch and optimiser.</summary>
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model"];

    /// <summary>The named tensors of a dict, or of the dict it wraps. Entries that are no tensors are left out.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static Dictionary<string, TensorData> Find(string path, object? root)
    {
        if (root is PickleDict dict)
        {
            var tensors = Tensors(dict);
            if (tensors.Count > 0)
                return tensors;
            foreach (var wrapper in Wrappers)
            {
                if (dict.LastOrDefault(entry => entry.Key is string key && key == wrapper).Value is PickleDict inner && Tensors(inner) is { Count: > 0 } wrapped)
                    return wrapped;
            }
        }

        throw new CheckpointException(path, "it holds no state dict: no dict of names to tensors, neither itself nor under 'state_dict', 'model_state_dict' or 'model'.");
    }

    private static Dictionary<string, TensorData> Tensors(PickleDict dict)
    {
        var tensors = new Dictionary<string, TensorData>();
        foreach (var (key, value) in dict)
        {
            if (key is string name && value is TensorData tensor)
                tensors[name] = tensor;
        }

        return tensors;
    }
}
