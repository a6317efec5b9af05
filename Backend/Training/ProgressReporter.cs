using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Training;

/// <summary>Reports how far a run is, at most a few times a second, with images a second and the seconds left.</summary>
/// <param name="work">
/// Work of the whole run, in forward passes of one image: a training step counts three a image (forward, and twice that backward),
/// inference one a scale and flip, weighed by area.
/// </param>
public sealed class ProgressReporter(Action<RunEvent> report, TimeProvider time, double work)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly long _start = time.GetTimestamp();
    private long _lastAdvance = time.GetTimestamp();
    private double _skipped;
    private double _done;
    private string _stage = "";
    private long _stageStart;
    private long _stageImages;
    private long? _lastReport;

    /// <summary>Counts work that an earlier attempt has done: as done, but not into the speed.</summary>
    public void Skip(double skipped)
    {
        _skipped += skipped;
        _done += skipped;
    }

    /// <summary>Counts work; reports when it is time, and at the end of a stage.</summary>
    public void Advance(string stage, long step, long steps, int epoch, int epochs, double workDone, int images)
    {
        if (stage != _stage)
            (_stage, _stageStart, _stageImages) = (stage, _lastAdvance, 0);
        _lastAdvance = time.GetTimestamp();
        _done += workDone;
        _stageImages += images;
        if (_lastReport is { } last && time.GetElapsedTime(last) < Interval && step < steps)
            return;

        _lastReport = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_start).TotalSeconds;
        var stageSeconds = time.GetElapsedTime(_stageStart).TotalSeconds;
        report(new RunProgress(
            stage, step, steps, epoch, epochs,
            ImagesPerSecond: stageSeconds > 0 ? _stageImages / stageSeconds : null,
            Eta: _done > _skipped ? seconds * (work - _done) / (_done - _skipped) : null)
        {
            Fraction = Math.Clamp(_done / work, 0, 1),
        });
    }
}
