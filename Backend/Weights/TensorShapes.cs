namespace Dashboard.Backend.Weights;

/// <summary>The sides of a checkpoint's tensors, from which a network's sizes follow; what is missing or has no such side is named.</summary>
/// <param name="path">For errors.</param>
/// <param name="tensors">Under the network's names.</param>
/// <param name="network">What should be in the file, for errors: "SimSeg".</param>
/// <param name="remedy">What to give instead.</param>
internal sealed class TensorShapes(string path, IReadOnlyDictionary<string, TensorData> tensors, string network, string remedy)
{
    /// <param name="axes">How many sides the tensor must have.</param>
    /// <exception cref="CheckpointException">The tensor is missing, or has another number of sides.</exception>
    public int Side(string name, int axis, int axes) => Find(name).Shape is var shape && shape.Count == axes && shape[axis] is > 0 and <= int.MaxValue
        ? (int)shape[axis]
        : throw Misfit(name, $"{axes} sides");

    /// <summary>How many tensors have such a name: the layers of a network.</summary>
    public int Count(string prefix, string suffix) =>
        tensors.Keys.Count(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal));

    public CheckpointException Misfit(string name, string expected) =>
        new(path, $"'{name}' has the shape [{string.Join(", ", Find(name).Shape)}], but {expected} are expected.");

    private TensorData Find(string name) => tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new CheckpointException(path,
            $"it is not a complete {network}: '{name}' is missing. {CheckpointFile.Describe(tensors.Keys)} {remedy}");
}
