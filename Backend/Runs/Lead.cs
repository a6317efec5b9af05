using Dashboard.Backend.Files;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Backend.Runs;

/// <summary>
/// Which of the dashboards on one data folder leads. It alone starts runs and takes sweeps from rung to rung; the others show the folder, leave their
/// launches in it, and take the lead over when the leader has ended or is silent.
/// </summary>
public sealed class Lead : IDisposable
{
    /// <summary>Silence of a leader on another host, or of one that was stopped, after which it has lost the lead.</summary>
    public static readonly TimeSpan DefaultLength = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestPace = TimeSpan.FromSeconds(1);

    private readonly DataFolder _data;
    private readonly TimeProvider _time;
    private readonly OwnThread _looking = new();
    private readonly Lock _turn = new();
    private volatile Lease? _lease;
    private volatile LeaseHolder? _leader;
    private bool _isClosed;

    /// <summary>Takes the lead where nobody has it.</summary>
    /// <exception cref="IOException">The data folder cannot be made, or its disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The data folder belongs to someone else.</exception>
    public Lead(DataFolder data, TimeProvider time, TimeSpan length)
    {
        (_data, _time, Length) = (data, time, length);
        Take();
    }

    /// <summary>Told on a thread of its own choice when another dashboard leads than before.</summary>
    public event Action? Changed;

    /// <summary>As in <see cref="Lease.TryTake"/>.</summary>
    public TimeSpan Length { get; }

    /// <summary>Whether this dashboard leads, as far as it knows; see <see cref="MayAct"/>.</summary>
    public bool IsLeading => _lease is not null;

    /// <summary>The one that leads, as last seen; null where none does.</summary>
    public LeaseHolder? Leader => _leader;

    /// <summary>To be asked before anything is done that only the leader does: <inheritdoc cref="Lease.IsHeld()"/></summary>
    public bool MayAct() => _lease?.IsHeld() == true;

    /// <summary>Keeps the lead, or waits for it, until it is told to stop. On a thread of its own: disks may be slow.</summary>
    /// <exception cref="Exception">Something unforeseen: it may be called again.</exception>
    public Task RunAsync(ILogger? log, CancellationToken stop) => _looking.RunAsync(token =>
    {
        var troubles = new OnceLogged(log ?? NullLogger.Instance);
        var pace = Length / 10 < LongestPace ? Length / 10 : LongestPace;
        while (!token.WaitHandle.WaitOne(pace))
            try
            {
                if (Look())
                    log?.LogWarning("{Data} is led by {Leader} from now on.", _data.Path, IsLeading ? "this dashboard" : Name(_leader));
                troubles.Clear();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                troubles.Warn($"Which dashboard leads cannot be seen: {error.Message} It is tried again.");
            }
    }, stop);

    /// <summary>"the dashboard on node3 (process 17)".</summary>
    public static string Name(LeaseHolder? leader) =>
        leader is null ? "no dashboard" : $"the dashboard on {leader.Process.Host} (process {leader.Process.ProcessId})";

    /// <summary>Gives the lead back.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _looking.Dispose();
        lock (_turn)
            _lease?.Dispose();
    }

    /// <returns>Whether another dashboard leads than before.</returns>
    private bool Look()
    {
        bool isAnother;
        lock (_turn)
        {
            // One that cannot be renewed now is still ours: nobody has taken it.
            if (_lease is { } held && (held.IsHeld() || !held.Lost.IsCancellationRequested))
                return false;
            var before = _leader;
            _lease?.Dispose();
            _lease = null;
            Take();
            isAnother = before?.Mark != _leader?.Mark;
        }
        if (isAnother)
            Changed?.Invoke();
        return isAnother;
    }

    private void Take()
    {
        _lease = _data.TryLead(Length, _time);
        _leader = _lease?.Holder ?? _data.Leader(_time);
    }
}
