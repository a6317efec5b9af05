using Dashboard.Backend.Execution.Devices;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Workers;

/// <summary>Reports every few seconds what this process uses of its machine, until it is disposed.</summary>
internal sealed class SystemSampler : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);
    private const double Gigabyte = 1e9;

    private readonly Action<RunEvent> _report;
    private readonly TimeProvider _time;
    private readonly TimeSpan _earlier;
    private readonly long _began;
    private readonly NvidiaManagement? _gpu;
    private readonly ITimer _timer;
    private readonly Lock _sampling = new();
    private TimeSpan _processor;
    private long _sampled;
    private bool _isOver;

    /// <param name="device">Of the run: the GPU that is looked at.</param>
    /// <param name="earlier">Time that earlier workers have spent on the run.</param>
    public SystemSampler(string device, TimeSpan earlier, Action<RunEvent> report, TimeProvider time)
    {
        (_report, _time, _earlier, _gpu) = (report, time, earlier, NvidiaManagement.TryOpen(device));
        (_began, _sampled, _processor) = (time.GetTimestamp(), time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        _timer = time.CreateTimer(_ => Sample(), null, First, Pace);
    }

    /// <summary>Nothing is reported after it.</summary>
    public void Dispose()
    {
        lock (_sampling)
            _isOver = true;
        _timer.Dispose();
        _gpu?.Dispose();
    }

    private void Sample()
    {
        lock (_sampling)
        {
            if (_isOver)
                return;
            var (now, processor) = (_time.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var elapsed = _time.GetElapsedTime(_sampled, now);
            var values = new Dictionary<string, double>
            {
                [RunSystem.Processor] = Math.Round(100 * (processor - _processor) / elapsed, 1),
                [RunSystem.Memory] = Math.Round(Environment.WorkingSet / Gigabyte, 3),
            };
            if (_gpu?.Read() is { } gpu)
                (values[RunSystem.Gpu], values[RunSystem.GpuMemory]) = (gpu.Utilisation, Math.Round(gpu.UsedBytes / Gigabyte, 3));
            (_sampled, _processor) = (now, processor);
            try
            {
                _report(new RunSystem((long)(_earlier + _time.GetElapsedTime(_began, now)).TotalSeconds, values));
            }
            catch (IOException)
            {
                // The training finds the same when it reports, and ends in order.
                _isOver = true;
            }
        }
    }
}
