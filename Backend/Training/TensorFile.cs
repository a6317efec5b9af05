using Dashboard.Backend.Checkpoints;
using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>Between tensors and the tensors of checkpoint files.</summary>
public static class TensorFile
{
    /// <summary>A copy on the host: int64 stays int64, everything else becomes float32.</summary>
    public static TensorData ToData(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return tensor.dtype == ScalarType.Int64
            ? TensorData.Of(tensor.cpu().contiguous().data<long>().ToArray(), tensor.shape)
            : TensorData.Of(tensor.to(float32).cpu().contiguous().data<float>().ToArray(), tensor.shape);
    }

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

    /// <summary>Overwrites every tensor of a state dict.</summary>
    /// <exception cref="CheckpointException">Keys are missing or unexpected, or a shape differs: names the first few. Nothing has been overwritten.</exception>
    public static void LoadStrict(IReadOnlyDictionary<string, Tensor> target, IReadOnlyDictionary<string, TensorData> source, string path)
    {
        var missing = target.Keys.Except(source.Keys).ToList();
        if (missing.Count > 0)
            throw new CheckpointException(path, $"{missing.Count} tensors of the network are missing, the first ones {string.Join(", ", missing.Take(3))}.");
        var unexpected = source.Keys.Except(target.Keys).ToList();
        if (unexpected.Count > 0)
            throw new CheckpointException(path, $"it holds {unexpected.Count} tensors that the network has not, the first ones {string.Join(", ", unexpected.Take(3))}.");
        foreach (var (name, tensor) in target)
            if (!tensor.shape.SequenceEqual(source[name].Shape))
                throw new CheckpointException(path, $"'{name}' has the shape [{string.Join(", ", source[name].Shape)}], the network needs [{string.Join(", ", tensor.shape)}].");
        foreach (var (name, tensor) in target)
            CopyInto(tensor, source[name]);
    }
}
