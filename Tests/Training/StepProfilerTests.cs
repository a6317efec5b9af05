using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Training;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Training;

/// <summary>Profiles of real steps over real images.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class StepProfilerTests : IDisposable
{
    private const int Side = 8;

    private readonly LoopRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Run_LoaderIsSlow_WaitsForImages()
    {
        Train(new Augmentation(TimeSpan.FromMilliseconds(20)), size: 1);

        Assert.StartsWith("Waits for images ", Profile.Verdict, StringComparison.Ordinal);
    }

    /// <summary>Of a run of seconds the first batch alone is much.</summary>
    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(11, 300, false)]
    [InlineData(11, 100, true)]
    public void Warning_OfASlowLoader_IsGivenWhereItMatters(int waited, int training, bool isWorthIt) =>
        Assert.Equal(isWorthIt, TrainingLoop.IsWorthAWarning(TimeSpan.FromSeconds(waited), TimeSpan.FromSeconds(training)));

    [Fact]
    public void Run_NetworkIsSlow_Computes()
    {
        Train(new Augmentation(TimeSpan.Zero), size: 1500);

        Assert.StartsWith("Computes ", Profile.Verdict, StringComparison.Ordinal);
    }

    /// <summary>12 images in batches of 2 over two epochs: 12 steps, of which two warm up.</summary>
    [Fact]
    public void Run_Profiled_WritesATraceWhosePartsAddUp()
    {
        Train(new Augmentation(TimeSpan.FromMilliseconds(1)), size: 100);

        Assert.Equal((3, 10, "profile/step-000003.json"), (Profile.Step, Profile.Steps, Profile.File));
        using var trace = JsonDocument.Parse(File.ReadAllBytes(_run.Folder.File("run", Profile.File)));
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        var tracks = events.Where(next => next.GetProperty("name").GetString() == "thread_name")
            .ToDictionary(next => next.GetProperty("args").GetProperty("name").GetString()!, next => next.GetProperty("tid").GetInt32());
        Assert.Equal(["batch loader 1", "batch loader 2", "training"], tracks.Keys.Order());

        var spans = events.Where(next => next.GetProperty("ph").GetString() == "X").Select(next => new TracedSpan(
            next.GetProperty("name").GetString()!, next.GetProperty("tid").GetInt32(), next.GetProperty("ts").GetDouble(),
            next.GetProperty("dur").GetDouble())).ToList();
        var steps = spans.Where(span => span.Name.StartsWith("step ", StringComparison.Ordinal)).ToList();
        Assert.Equal([.. Enumerable.Range(3, 10).Select(step => $"step {step}")], steps.Select(step => step.Name));
        foreach (var step in steps)
        {
            var parts = spans.Where(span => span.Track == tracks["training"] && span != step && span.Starts >= step.Starts - 0.01
                && span.Starts + span.Takes <= step.Starts + step.Takes + 0.01).ToList();
            Assert.Equal(["wait for images", "losses", "gradients", "update", "report"], parts.Select(part => part.Name));
            Assert.Equal(step.Takes, parts.Sum(part => part.Takes), 0.1);
        }
        Assert.Equal(1e6 * (Profile.Images + Profile.Device + Profile.Host), steps.Sum(step => step.Takes), 1.0);
        Assert.Equal(1e6 * Profile.Images, spans.Where(span => span.Name == "wait for images").Sum(span => span.Takes), 1.0);
        // Between epochs pictures and checkpoints are made, which is no step's time.
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.True(pair.Second.Starts >= pair.First.Starts + pair.First.Takes - 0.01));
        Assert.Contains(spans, span => span.Track == tracks["batch loader 1"] && span.Takes >= 1000);
    }

    [Fact]
    public void Run_NotProfiled_WritesNothing()
    {
        Train(new Augmentation(TimeSpan.Zero), size: 1, profile: false);

        Assert.Empty(_run.Events.OfType<RunProfile>());
        Assert.False(Directory.Exists(_run.Folder.File("run", "profile")));
    }

    [Fact]
    public void Verdict_NamesTheLargestPartFirst() => Assert.Equal(
        "Computes 64 % of the time, waits for images 31 %, works on the host 5 %.", new RunProfile(3, 50, "", 3.1, 6.4, 0.5).Verdict);

    private RunProfile Profile => Assert.Single(_run.Events.OfType<RunProfile>());

    /// <param name="size">Side of the matrices that a step multiplies.</param>
    private void Train(IAugmentation augmentation, int size, bool profile = true)
    {
        var loader = new BatchLoader(
            _run.World.Samples("train"), _run.World.Classes.Count, augmentation, new() { BatchSize = 2, Seed = 0, Threads = 2 });
        using var net = nn.Linear(3 * Side * Side, 1);
        using var matrix = ones(size, size);
        using var optimizer = optim.SGD(net.parameters(), learningRate: 0.01);
        using var loop = new TrainingLoop(
            _run.Context(profile), loader, epochs: 2, net, optimizer, _ => _ => 0.01, CPU, workPerImage: 3, workAfter: 0);
        loop.Run((batch, _) => new(net.call(batch.ImageTensor(Side, Side, CPU).flatten(1)).mean() + (matrix.mm(matrix).mean() * 0)), (_, _) => { });
    }

    private sealed record TracedSpan(string Name, int Track, double Starts, double Takes);

    /// <summary>Takes as long as it is told to.</summary>
    private sealed class Augmentation(TimeSpan time) : IAugmentation
    {
        public (int Channels, int Height, int Width) Shape => (3, Side, Side);

        public void Apply(ImageBuffer image, RandomStream random, Span<float> target) => Thread.Sleep(time);
    }
}
