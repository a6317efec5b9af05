using Dashboard.Backend.Pickle;

namespace Dashboard.Backend.Checkpoints;

/// <summary>Finds the tensors in an unpickled checkpoint.</summary>
internal static class StateDict
{
    /// <summary>Under these keys training scripts keep the state dict beside epoch and optimiser.</summary>
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model"];

    /// <summary>Modules within modules beyond which a file is no network but a trap: a module can be its own child.</summary>
    private const int DeepestModule = 64;
    private const int MostModules = 100_000;

    /// <summary>The named tensors of a dict, or of the dict it wraps, or of a module and those below it. Entries that are no tensors are left out.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static Dictionary<string, TensorData> Find(string path, object? root)
    {
        if (root is ScriptModule module)
            return Tensors(path, module);
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

    /// <summary>Parameters and buffers under their attribute path, such as visual.conv1.weight.</summary>
    private static Dictionary<string, TensorData> Tensors(string path, ScriptModule root)
    {
        var tensors = new Dictionary<string, TensorData>();
        var modules = 0;

        void Collect(ScriptModule module, string prefix, int depth)
        {
            if (depth > DeepestModule || ++modules > MostModules)
                throw new CheckpointException(path, "its modules contain each other without end.");
            foreach (var (key, value) in module.Attributes)
            {
                if (value is TensorData tensor)
                    tensors[$"{prefix}{key}"] = tensor;
                else if (value is ScriptModule child)
                    Collect(child, $"{prefix}{key}.", depth + 1);
            }
        }

        Collect(root, "", 0);
        return tensors.Count > 0 ? tensors : throw new CheckpointException(path, "its modules hold no tensor.");
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
