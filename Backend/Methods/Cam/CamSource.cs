using Dashboard.Backend.Images;
using Dashboard.Backend.Models;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>The trained network of a CAM or CLIMS run, as that run's spec says it is to be read out.</summary>
internal sealed class CamSource : IDisposable
{
    private readonly Device _device;

    private CamSource(CamNet net, CamNetOptions options, string description, Device device) => (Net, Options, Description, _device) =
        (net, options, description, device);

    /// <summary>In evaluation.</summary>
    public CamNet Net { get; }

    /// <summary>Of the run that trained it.</summary>
    public CamNetOptions Options { get; }

    /// <summary>A sentence that says what was loaded.</summary>
    public string Description { get; }

    /// <summary>What the leaderboard calls its maps.</summary>
    public string Row => Options is ClimsOptions ? "CLIMS" : "CAM";

    /// <param name="role">Of the run among the inputs.</param>
    /// <exception cref="InvalidRunException">No such run is given, it is of another method, or has no whole checkpoint.</exception>
    /// <exception cref="Weights.CheckpointException">The network has other classes than the data set: names the file and the shapes.</exception>
    public static CamSource Open(RunContext context, string role, Device device) => Open(
        context,
        context.Input(role)
            ?? throw new InvalidRunException(role, $"{role}: choose the CAM or CLIMS run whose network makes the maps (--input {role}=RUN)."),
        role,
        device);

    /// <param name="role">To be named where the run cannot be used.</param>
    /// <inheritdoc cref="Open(RunContext, string, Device)"/>
    public static CamSource Open(RunContext context, RunFolder run, string role, Device device) =>
        Open(run, context.Dataset.Classes.Count, role, device, context.Report);

    /// <param name="classes">Of the data set that the run was trained on.</param>
    /// <param name="report">Is told of a checkpoint that is damaged.</param>
    /// <inheritdoc cref="Open(RunContext, RunFolder, string, Device)"/>
    public static CamSource Open(RunFolder run, int classes, string role, Device device, Action<RunEvent> report)
    {
        var options = OptionsOf(run, role);
        return new CheckpointStore(run).TakeNewest(
            checkpoint =>
            {
                var path = Path.Combine(checkpoint.Folder, TrainingCheckpoint.Model);
                var net = new CamNet(
                    ResNetShapeReader.Read(path), options.OutputStride, options.DetachLayer2, classes,
                    options is ClimsOptions clims ? clims.Head : ClimsHead.Classifier);
                var loaded = CamWeights.Load(net, path, strict: true);
                net.to(device);
                net.eval();
                return new CamSource(net, options, $"{loaded} It is the network of run {run.Id} after epoch {checkpoint.State.Epoch}.", device);
            },
            report)
                ?? throw new InvalidRunException(role,
                $"{role}: the run {run.Id} has no complete checkpoint in {run.Checkpoints}. Choose another CAM or CLIMS run.");
    }

    /// <summary>How strongly an image speaks for each class, 0..1: the classifier's probability; of CLIMS, the peak of the class's map.</summary>
    /// <returns>One a class.</returns>
    public IReadOnlyList<float> Scores(ImageBuffer image)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        if (Options is ClimsOptions)
            return [.. (Inference([1.0]).FlipSum([image], 1.0)[0].amax(new long[] { 1, 2 }) / (Options.Flip ? 2 : 1)).cpu().ToValues<float>()];
        var normalisation = Inference([1.0]).Normalisation;
        var input = tensor(normalisation.ToPlanes(image), new long[] { 1, 3, image.Height, image.Width }).to(_device);
        return [.. Net.call(input)[0].sigmoid().cpu().ToValues<float>()];
    }

    public CamInference Inference(IReadOnlyList<double> scales) => new(Net, scales, Options.Flip, _device)
    {
        Activation = Options is ClimsOptions clims ? clims.Activation : CamActivation.Relu,
        Normalisation = Options is ClimsOptions of ? Normalisation.Of(of.Normalisation) : Normalisation.ImageNet,
    };

    public void Dispose() => Net.Dispose();

    private static CamNetOptions OptionsOf(RunFolder run, string role)
    {
        var spec = run.ReadSpec();
        if (MethodCatalog.Find(spec.Method) is not { } method)
            throw new InvalidRunException(role, $"{role}: {run.Id} is a run of {spec.Method}. Choose a run of cam or clims.");
        var failures = method.Schema.Read(spec.Options, out var options);
        return options switch
        {
            CamNetOptions trained => trained,
            ImportOptions { What: ImportedThing.Network } imported => imported.CamNetwork,
            null => throw new InvalidRunException(failures),
            _ => throw new InvalidRunException(role,
                $"{role}: {run.Id} is a run of {spec.Method}. Choose a run of cam or clims, or an imported network."),
        };
    }
}
