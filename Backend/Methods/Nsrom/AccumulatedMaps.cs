using System.Globalization;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>Accumulated maps as a file of a checkpoint: a tensor of bytes for each class of each image, "IMAGE/CLASS".</summary>
internal sealed class AccumulatedMaps(OnlineAccumulation maps) : IKeptState
{
    private const string Name = "accumulated.safetensors";

    public void Save(string folder) => SafetensorsFile.Write(
        Path.Combine(folder, Name),
        maps.All.ToDictionary(
            entry => $"{entry.Image}/{entry.Class}",
            entry => new TensorData(TensorType.UInt8, [entry.Map.Height, entry.Map.Width], () => entry.Map.Values)));

    public void Load(string folder)
    {
        maps.Clear();
        var path = Path.Combine(folder, Name);
        using var file = CheckpointFile.Open(path);
        foreach (var (name, data) in file.Tensors)
        {
            var end = name.LastIndexOf('/');
            if (end < 1 || data is not { Type: TensorType.UInt8, Shape: [var height and > 0, var width and > 0] }
                || !int.TryParse(name.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var k))
                throw new CheckpointException(path, $"'{name}' is not an accumulated map. Run the classifier again.");
            maps.Restore(name[..end], k, new((int)width, (int)height, data.ToBytes()));
        }
    }

    /// <summary>Those of a finished run.</summary>
    /// <exception cref="InvalidRunException">The run has no whole checkpoint: names it.</exception>
    public static OnlineAccumulation Of(RunContext context, RunFolder run, string role) =>
        new CheckpointStore(run).TakeNewest(
            checkpoint =>
            {
                var maps = new OnlineAccumulation();
                new AccumulatedMaps(maps).Load(checkpoint.Folder);
                return maps;
            },
            context.Report)
        ?? throw new InvalidRunException(role, $"{role}: the run {run.Id} has no complete checkpoint in {run.Checkpoints}. Choose another run.");
}
