using Dashboard.Backend.Datasets;

namespace Dashboard.Web.Components.Shared;

/// <summary>
/// Passes on how far a long piece of work is, four times a second at most. Called on the working threads: of thousands of reports
/// only those that a page will show reach its circuit.
/// </summary>
public sealed class PacedProgress(TimeProvider time, Action<WorkProgress> onProgress) : IProgress<WorkProgress>
{
    private readonly Lock _pace = new();
    private long? _last;

    public void Report(WorkProgress value)
    {
        lock (_pace)
        {
            if (_last is { } last && time.GetElapsedTime(last) < StoreWatch.Interval)
                return;
            _last = time.GetTimestamp();
        }
        onProgress(value);
    }
}
