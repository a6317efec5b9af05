using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Images;
using Dashboard.Backend.Training;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Training;

[Collection(LibtorchCollection.Name)]
public sealed class TrainingLoopTests : IDisposable
{
    private const int Side = 8;

    private readonly LoopRun _run = new();

    public void Dispose() => _run.Dispose();

    /// <summary>12 images in batches of 2: the loss is lost in the middle of the second epoch.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Run_LossIsNotFinite_EndsAtThatStepAndKeepsTheEpochBefore(double value)
    {
        var steps = 0;

        var error = Assert.Throws<DivergedException>(() => Train(step => ++steps == 9 ? value : 1));

        Assert.True(ExpectedFailure.Is(error));
        Assert.Equal("Training diverged at step 9, in epoch 2: loss is not finite. Lower learningRate; the checkpoints of earlier epochs are kept.",
            error.Message);
        Assert.Equal(9, steps);
        Assert.Equal(value, _run.Events.OfType<RunMetrics>().Last().Values["loss"]);
        Assert.Equal(6, Assert.Single(_run.Events.OfType<RunCheckpoint>()).Step);
    }

    private void Train(Func<long, double> loss)
    {
        var loader = new BatchLoader(
            _run.World.Samples("train"), _run.World.Classes.Count, new Grey(), new() { BatchSize = 2, Seed = 0, Threads = 1 });
        using var net = nn.Linear(3 * Side * Side, 1);
        using var optimizer = optim.SGD(net.parameters(), learningRate: 0.01);
        using var loop = new TrainingLoop(_run.Context(), loader, epochs: 3, net, optimizer, _ => _ => 0.01, CPU, workPerImage: 3, workAfter: 0);
        loop.Run((batch, step) => new(net.call(batch.ImageTensor(Side, Side, CPU).flatten(1)).mean() * 0 + loss(step)), (_, _) => { });
    }

    private sealed class Grey : IAugmentation
    {
        public (int Channels, int Height, int Width) Shape => (3, Side, Side);

        public void Apply(ImageBuffer image, RandomStream random, Span<float> target) => target.Fill(0.5f);
    }
}
