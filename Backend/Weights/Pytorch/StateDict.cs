using Dashboard.Backend.Weights.Pickle;


namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>Finds the tensors in an unpickled checkpoint.</summary>
internal static class StateDict
{
    /// <summary>Under these keys training scripts keep the state dict beside epoch and optimiser; where there are several, the first is
    /// taken.</summary>
    private static readonly string[] Wrappers =
    [
        "state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights", "params",
        "model_ema", "ema_state_dict", "state_dict_ema", "ema_model", "ema", "params_ema",
    ];

    /// <summary>How the keys begin under which tensors lie that are not weights.</summary>
    private static readonly string[] NoWeights = ["optim", "lr_", "sched", "scaler", "amp", "rng", "callbacks", "loops"];

    /// <summary>Dicts within dicts beyond which a file is not a checkpoint.</summary>
    private const int DeepestDict = 16;

    /// <summary>Modules within modules beyond which a file is not a network but a trap: a module can be its own child.</summary>
    private const int DeepestModule = 64;
    private const int MostModules = 100_000;

    /// <summary>The named tensors of a dict, or of a dict within it, or of a module and those below it. Entries that are not tensors are left
    /// out.</summary>
    /// <exception cref="CheckpointException">There is none, or one cannot tell which: says what is there.</exception>
    public static Dictionary<string, TensorData> Find(string path, object? root) => root switch
    {
        ScriptModule module => Tensors(path, module),
        PickleDict dict => new Search(path).Within(dict, "", 0) ?? throw NotFound(path, root),
        _ => throw NotFound(path, root),
    };

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

    private static CheckpointException NotFound(string path, object? root)
    {
        if (WholeModule(root) is { } module)
            return new(
                path, $"it is a whole module of the class {module}, as torch.save(model) writes it; only that class's code could take its weights "
                    + "out, and a checkpoint is data, never code. "
                + "Save its state dict: torch.save(model.state_dict(), path).");
        return new(
            path, $"it holds no state dict, which is a dict of names to tensors. Looked for: at the top, and under {string.Join(", ", Wrappers)}. "
                + $"Found: {PickleContents.Describe(root)}. "
            + "A checkpoint is data, never code: save the state dict by torch.save(model.state_dict(), path).");
    }

    private static string? WholeModule(object? root) =>
        root is PickleDict dict
            ? dict.Select(entry => entry.Value).OfType<PickleOpaque>().FirstOrDefault(value => value.IsModule)?.Name
            : root is PickleOpaque { IsModule: true, Name: var name }
            ? name
            : null;

    /// <summary>One search: a dict that contains itself is looked at once.</summary>
    private sealed class Search(string path)
    {
        private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

        /// <param name="where">The keys that lead to the dict, for messages.</param>
        public Dictionary<string, TensorData>? Within(PickleDict dict, string where, int depth)
        {
            if (depth > DeepestDict || !_seen.Add(dict))
                return null;
            foreach (var wrapper in Wrappers)
                if (dict.Find(wrapper) is PickleDict inner && Within(inner, $"{where}{wrapper}.", depth + 1) is { } wrapped)
                    return wrapped;
            var own = new Dictionary<string, TensorData>();
            foreach (var (key, value) in dict)
                if (key is string name && value is TensorData tensor)
                    own[name] = tensor;
            // Under an unknown name: what has more tensors than lie beside it.
            var others = dict.Where(entry =>
                entry is { Key: string key, Value: PickleDict } && !NoWeights.Any(start => key.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
                .Select(entry => (Key: (string)entry.Key!, Tensors: Within((PickleDict)entry.Value!, $"{where}{entry.Key}.", depth + 1)))
                .Where(other => other.Tensors?.Count > own.Count).ToList();
            return others switch
            {
                [] => own.Count > 0 ? own : null,
                [var (_, only)] => only,
                _ => throw new CheckpointException(
                    path, $"it holds several state dicts: "
                        + $"{string.Join(", ", others.Take(6).Select(other => $"'{where}{other.Key}' ({other.Tensors!.Count} tensors)"))}. Save "
                        + "the one that is meant alone."),
            };
        }
    }
}
