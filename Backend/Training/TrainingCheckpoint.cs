using System.Globalization;
using Dashboard.Backend.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Training;

/// <summary>
/// Network and optimiser as <c>model.safetensors</c> and <c>optimizer.safetensors</c>: everything that the next step depends on, bit for bit.
/// Optimiser tensors are named by the parameter's position: "12.momentum_buffer".
/// </summary>
public static class TrainingCheckpoint
{
    /// <summary>The network's file in a checkpoint folder.</summary>
    public const string Model = "model.safetensors";
    private const string Optimizer = "optimizer.safetensors";

    /// <exception cref="IOException">The disk is full.</exception>
    public static void Save(string folder, Module net, OptimizerHelper optimizer)
    {
        SafetensorsFile.Write(Path.Combine(folder, Model), TensorFile.ToData(net));

        var tensors = new Dictionary<string, TensorData>();
        var states = optimizer.state_dict().State;
        for (var i = 0; i < states.Count; i++)
        {
            if (states[i] is SGD.State { momentum_buffer: { } buffer })
                tensors[$"{i}.momentum_buffer"] = TensorFile.ToData(buffer);
            if (states[i] is not AdamW.State adam)
                continue;
            tensors[$"{i}.step"] = TensorData.Of([adam.step]);
            tensors[$"{i}.exp_avg"] = TensorFile.ToData(adam.exp_avg!);
            tensors[$"{i}.exp_avg_sq"] = TensorFile.ToData(adam.exp_avg_sq!);
        }
        SafetensorsFile.Write(Path.Combine(folder, Optimizer), tensors);
    }

    /// <exception cref="CheckpointException">A file is damaged, or belongs to another network: names the file and the key.</exception>
    public static void Load(string folder, Module net, OptimizerHelper optimizer)
    {
        LoadModel(Path.Combine(folder, Model), net);

        using var file = CheckpointFile.Open(Path.Combine(folder, Optimizer));
        using var _ = no_grad();
        var states = optimizer.state_dict().State;
        foreach (var (name, data) in file.Tensors)
        {
            if (name.Split('.', 2) is not [var number, var field]
                || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var position) || position >= states.Count)
                throw new CheckpointException(file.Path, $"'{name}' is not a state of one of the optimiser's {states.Count} parameters.");
            switch (states[position], field)
            {
                case (SGD.State sgd, "momentum_buffer"):
                    sgd.momentum_buffer = TensorFile.ToTensor(data).to(device_of(net)).DetachFromDisposeScope();
                    break;
                case (AdamW.State adam, "step") when data is { Type: TensorType.Int64, Count: 1 }:
                    adam.step = data.ToInt64s()[0];
                    break;
                case (AdamW.State adam, "exp_avg") when data.Shape.SequenceEqual(adam.exp_avg!.shape):
                    TensorFile.CopyInto(adam.exp_avg!, data);
                    break;
                case (AdamW.State adam, "exp_avg_sq") when data.Shape.SequenceEqual(adam.exp_avg_sq!.shape):
                    TensorFile.CopyInto(adam.exp_avg_sq!, data);
                    break;
                default:
                    throw new CheckpointException(file.Path,
                        $"'{name}' of the shape [{string.Join(", ", data.Shape)}] is not a state of {optimizer.GetType().Name}.");
            }
        }
    }

    /// <summary>Every tensor of the network from a file with the same names and shapes.</summary>
    /// <exception cref="CheckpointException">A key is missing, unexpected or of another shape: names the file and the key.</exception>
    public static void LoadModel(string path, Module net)
    {
        using var file = CheckpointFile.Open(path);
        TensorFile.LoadStrict(net.state_dict(), file.Tensors, path);
    }

    private static Device device_of(Module net) => net.parameters().First().device;
}
