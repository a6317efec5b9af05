using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;
using Dashboard.Backend.Weights.Pytorch;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Exchange;

/// <summary>A run's network from its newest whole checkpoint, under the names of the authors' code where the network is one of theirs.</summary>
internal sealed class NetworkContent : IExportContent
{
    /// <summary>The folder in which a CLIP or SimSeg run leaves its model.</summary>
    private const string TextImageModel = "model/model.safetensors";

    private readonly RunFolder _run;
    private readonly RunSpec _spec;
    private readonly ExportFormat _format;
    private readonly string _path;
    private readonly AuthorNetwork? _network;
    private readonly int _tensors;

    private NetworkContent(RunFolder run, RunSpec spec, ExportFormat format, string path)
    {
        (_run, _spec, _format, _path) = (run, spec, format, path);
        using var file = CheckpointFile.Open(path);
        (_network, _tensors) = (AuthorNames.Of(file.Tensors), file.Tensors.Count);
    }

    public string Description => $"network of {_tensors} tensors" + _network switch
    {
        AuthorNetwork.Cam => ", under the names of IRN's and CLIMS's code",
        AuthorNetwork.Irn => ", under the names of IRN's code",
        AuthorNetwork.Psa => ", under the names of PSA's code",
        AuthorNetwork.Deeplab => ", under the names of deeplab-pytorch",
        _ => "",
    };

    /// <exception cref="InvalidRunException">The run has no whole checkpoint.</exception>
    public static NetworkContent Find(RunFolder run, RunSpec spec, ExportRequest request)
    {
        if (request.Split is not null)
            throw new InvalidRunException("split",
                $"split: a network belongs to no split. Leave it out, or choose another format than {request.Format.NameOf()}.");
        var path = File.Exists(run.File(TextImageModel))
            ? run.File(TextImageModel)
            : new CheckpointStore(run).TakeNewest(checkpoint => Path.Combine(checkpoint.Folder, TrainingCheckpoint.Model), _ => { });
        return path is not null && File.Exists(path)
            ? new(run, spec, request.Format, path)
            : throw new InvalidRunException("format",
                $"format: the run {run.Id} has no whole checkpoint of a network in {run.Checkpoints}{LabelSource.Has(spec)}.");
    }

    public void Write(IExportFiles files, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        using var file = CheckpointFile.Open(_path);
        if (_format == ExportFormat.Pth)
            files.Add("network.pth", isPacked: true, stream => PytorchArchiveWriter.Write(
                stream, [.. file.Tensors.SelectMany(tensor => NamesOf(tensor.Key).Select(name => KeyValuePair.Create(name, tensor.Value)))], stop));
        else
            // A file of safetensors has no two names for one tensor.
            files.Add("network.safetensors", isPacked: true, stream => SafetensorsFile.Write(
                stream,
                file.Tensors.ToDictionary(tensor => NamesOf(tensor.Key)[0], tensor => tensor.Value),
                new Dictionary<string, string>(file.Metadata) { ["format"] = "pt", ["run"] = _run.Id, ["method"] = _spec.Method,
                    ["spec_hash"] = _spec.Hash },
                stop));
        progress?.Report(new("tensors", _tensors, _tensors));
    }

    private IReadOnlyList<string> NamesOf(string name) => _network is { } network ? AuthorNames.Of(network, name) : [name];
}
