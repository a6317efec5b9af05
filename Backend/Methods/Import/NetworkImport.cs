using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Models.Irn;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Runs;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Import;

/// <summary>
/// A trained network from a file: filled into the network that it says it is, tensor by tensor, and kept as a checkpoint like a trained one.
/// </summary>
internal sealed class NetworkImport : IImport
{
    private readonly RunContext _context;
    private readonly ImportOptions _options;

    public NetworkImport(RunContext context) => (_context, _options) = (context, context.Options<ImportOptions>());

    public void Copy()
    {
        if (_context.IsResume)
            _context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        using var file = CheckpointFile.Open(_options.Checkpoint);
        var known = AuthorTensors.Of(file);
        using var net = Fill(known, file.Path);
        var checkpoint = new CheckpointStore(_context.Folder).Save(new(Step: 0, Epoch: 1),
            folder => SafetensorsFile.Write(Path.Combine(folder, TrainingCheckpoint.Model), TensorFile.ToData(net)));
        _context.Report(checkpoint);
        _context.Report(
            new RunLog(
                "info", $"Took {known.Title} from {file.Path} ({file.Format}): {known.Tensors.Count} tensors. "
                + $"{(known.Network == AuthorNetwork.Cam ? "Make its maps with the method maps." : "It has no score of its own.")}"));
    }

    public void Score()
    {
        // Only what it makes can be measured.
    }

    public DryRunReport MeasureImage()
    {
        var start = _context.Time.GetTimestamp();
        using var file = CheckpointFile.Open(_options.Checkpoint);
        using var net = Fill(AuthorTensors.Of(file), file.Path);
        var seconds = _context.Time.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ProcessMemory.Peak(), 1, seconds);
    }

    /// <exception cref="CheckpointException">A tensor is missing, unexpected, or of another shape.</exception>
    private Module Fill(AuthorTensors known, string path)
    {
        var classes = _context.Dataset.Classes.Count;
        Module net = known.Network switch
        {
            AuthorNetwork.Cam => new CamNet(known.Backbone, _options.OutputStride, detachLayer2: true, RequireClasses("classifier.weight", classes)),
            AuthorNetwork.Irn => new IrNet(known.Backbone),
            AuthorNetwork.Psa when known.Tensors.ContainsKey("backbone.conv1a.weight") =>
                new AffinityNet(new ResNet38(known.Tensors["backbone.conv1a.weight"].Shape[0]), groupNorm: false),
            AuthorNetwork.Psa => new AffinityNet(new Vgg16(), groupNorm: true),
            _ => Deeplab(known, RequireClasses("aspp.c0.weight", classes + 1)),
        };
        try
        {
            TensorFile.LoadStrict(net.state_dict(), known.Tensors, path);
            return net;
        }
        catch
        {
            net.Dispose();
            throw;
        }

        int RequireClasses(string tensor, int expected) => known.Tensors[tensor].Shape[0] == expected ? expected : throw new CheckpointException(
            path, $"'{tensor}' has {known.Tensors[tensor].Shape[0]} outputs; {_context.Dataset.Name} has {classes} classes, which need {expected}. "
                + "Choose the data set that the network was trained on.");
    }

    private static DeeplabV2 Deeplab(AuthorTensors known, int labels)
    {
        var blocks = Enumerable.Range(2, 4).Select(layer =>
            known.Tensors.Keys.Count(name =>
                name.StartsWith($"backbone.layer{layer}.", StringComparison.Ordinal)
                    && name.EndsWith(".reduce.conv.weight", StringComparison.Ordinal)));
        var backbone = new DeeplabResNet([.. blocks], known.Tensors["backbone.layer1.conv1.conv.weight"].Shape[0]);
        return new(backbone, backbone.Channels, labels);
    }
}
