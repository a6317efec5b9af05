using Dashboard.Domain.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>
/// Turns losses into metrics events without waiting for the device: on the CPU every step is reported at once, on a GPU the values
/// stay there and come over together, a few times a second.
/// </summary>
public sealed class StepReporter(Action<RunEvent> report, TimeProvider time, Device device) : IDisposable
{
    /// <summary>Seldom enough to cost nothing, often enough to look live.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly List<(long Step, int Epoch, IReadOnlyList<string> Names, Tensor Values, IReadOnlyDictionary<string, double> Known)> _waiting =
        [];
    private long _lastRead = time.GetTimestamp();

    /// <param name="losses">Scalars on the device, by name.</param>
    /// <param name="known">Values that the host knows already, such as the learning rate.</param>
    /// <exception cref="DivergedException">A loss, of this step or of one before it, is not finite.</exception>
    public void Report(long step, int epoch, IReadOnlyList<(string Name, Tensor Value)> losses, IReadOnlyDictionary<string, double> known)
    {
        using (no_grad())
        {
            var values = stack([.. losses.Select(loss => loss.Value.detach())]).DetachFromDisposeScope();
            _waiting.Add((step, epoch, [.. losses.Select(loss => loss.Name)], values, known));
        }
        if (device.type == DeviceType.CPU || time.GetElapsedTime(_lastRead) >= Interval)
            Flush();
    }

    /// <summary>Reads what is waiting: the only place where training waits for the device to log.</summary>
    /// <exception cref="DivergedException">A loss is not finite. The steps up to its own are reported.</exception>
    public void Flush()
    {
        foreach (var (step, epoch, names, values, known) in _waiting)
        {
            using var host = values.to(float32).cpu();
            var read = host.data<float>().ToArray();
            var metrics = new Dictionary<string, double>();
            for (var i = 0; i < names.Count; i++)
                metrics[names[i]] = read[i];
            var lost = metrics.Where(loss => !double.IsFinite(loss.Value)).Select(loss => loss.Key).ToList();
            foreach (var (name, value) in known)
                metrics[name] = value;
            report(new RunMetrics(step, epoch, metrics));
            if (lost.Count > 0)
                throw new DivergedException(step, epoch, lost);
            values.Dispose();
        }
        _waiting.Clear();
        _lastRead = time.GetTimestamp();
    }

    public void Dispose()
    {
        foreach (var waiting in _waiting)
            waiting.Values.Dispose();
        _waiting.Clear();
    }
}
