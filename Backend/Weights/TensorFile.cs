using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Weights;

/// <summary>Between tensors and the tensors of checkpoint files.</summary>
public static class TensorFile
{
    /// <summary>A copy on the host: int64 stays int64, everything else becomes float32.</summary>
    public static TensorData ToData(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return tensor.dtype == ScalarType.Int64
            ? TensorData.Of(tensor.cpu().contiguous().ToValues<long>(), tensor.shape)
            : TensorData.Of(tensor.to(float32).cpu().contiguous().ToValues<float>(), tensor.shape);
    }

    /// <summary>Copies of every tensor of a network, by its name in the state dict.</summary>
    public static IReadOnlyDictionary<string, TensorData> ToData(Module net) =>
        net.state_dict().ToDictionary(entry => entry.Key, entry => ToData(entry.Value));

    /// <returns>A tensor on the host: int64, or float32 for every other type.</returns>
    public static Tensor ToTensor(TensorData data)
    {
        long[] shape = [.. data.Shape];
        return data.Type == TensorType.Int64 ? tensor(data.ToInt64s(), shape) : tensor(data.ToFloats(), shape);
    }

    /// <summary>Overwrites a tensor, wherever it lies.</summary>
    public static void CopyInto(Tensor target, TensorData data)
    {
        using var _ = no_grad();
        using var value = ToTensor(data);
        target.copy_(value);
    }

    /// <summary>
    /// Overwrites every tensor of a state dict; BatchNorm's counters only where there are any: files from before PyTorch 0.4.1 have none, and nothing
    /// of ours reads them.
    /// </summary>
    /// <exception cref="CheckpointException">
    /// Keys are missing or unexpected, or a shape differs: names the first few. Nothing has been overwritten.
    /// </exception>
    public static void LoadStrict(IReadOnlyDictionary<string, Tensor> target, IReadOnlyDictionary<string, TensorData> source, string path)
    {
        var missing = target.Keys.Except(source.Keys).Where(name => !IsCounter(name)).ToList();
        if (missing.Count > 0)
            throw new CheckpointException(path,
                $"{missing.Count} tensors of the network are missing, starting with {string.Join(", ", missing.Take(3))}.");
        var unexpected = source.Keys.Except(target.Keys).ToList();
        if (unexpected.Count > 0)
            throw new CheckpointException(path,
                $"it holds {unexpected.Count} tensors that the network does not have, starting with {string.Join(", ", unexpected.Take(3))}.");
        foreach (var (name, data) in source)
            if (!target[name].shape.SequenceEqual(data.Shape))
                throw new CheckpointException(path,
                    $"'{name}' has the shape [{string.Join(", ", data.Shape)}], but the network needs [{string.Join(", ", target[name].shape)}].");
        foreach (var (name, data) in source)
            CopyInto(target[name], data);
    }

    /// <summary>Overwrites the tensors of a state dict that the source has under the same name and in the same shape.</summary>
    /// <returns>The names of the others; BatchNorm's counters do not count.</returns>
    public static IReadOnlyList<string> LoadFitting(IReadOnlyDictionary<string, Tensor> target, IReadOnlyDictionary<string, TensorData> source)
    {
        var left = new List<string>();
        foreach (var (name, tensor) in target)
        {
            if (source.TryGetValue(name, out var data) && tensor.shape.SequenceEqual(data.Shape))
                CopyInto(tensor, data);
            else if (!IsCounter(name))
                left.Add(name);
        }
        return left;
    }

    private static bool IsCounter(string name) => name.EndsWith("num_batches_tracked", StringComparison.Ordinal);
}
