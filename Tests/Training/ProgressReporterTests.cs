using Dashboard.Backend.Training;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Training;

public sealed class ProgressReporterTests
{
    private readonly TestTime _time = new();
    private readonly List<RunProgress> _reports = [];

    [Fact]
    public void Advance_HalfOfTheWorkInTenSeconds_LeavesTenSeconds()
    {
        var progress = new ProgressReporter(report => _reports.Add((RunProgress)report), _time, work: 100);

        _time.Pass(TimeSpan.FromSeconds(10));
        progress.Advance("training", step: 5, steps: 10, epoch: 1, epochs: 2, workDone: 50, images: 40);

        Assert.Equal((0.5, 10.0, 4.0), (_reports[0].Fraction, _reports[0].Eta!.Value, _reports[0].ImagesPerSecond!.Value));
    }

    [Fact]
    public void Advance_AfterSkippedWork_MeasuresSpeedByItsOwnWorkOnly()
    {
        var progress = new ProgressReporter(report => _reports.Add((RunProgress)report), _time, work: 100);
        progress.Skip(50);

        _time.Pass(TimeSpan.FromSeconds(5));
        progress.Advance("training", 6, 10, 2, 2, workDone: 25, images: 10);

        Assert.Equal((0.75, 5.0), (_reports[0].Fraction, _reports[0].Eta!.Value));
    }

    [Fact]
    public void Advance_ManyStepsAtOnce_ReportsNowAndThenAndAtTheEnd()
    {
        var progress = new ProgressReporter(report => _reports.Add((RunProgress)report), _time, work: 100);
        for (var step = 1; step <= 100; step++)
        {
            _time.Pass(TimeSpan.FromMilliseconds(10));
            progress.Advance("training", step, 100, 1, 1, workDone: 1, images: 1);
        }

        Assert.InRange(_reports.Count, 4, 6);
        Assert.Equal(100, _reports[^1].Step);
    }

    [Fact]
    public void Advance_NewStage_CountsItsSpeedFromTheEndOfTheOneBefore()
    {
        var progress = new ProgressReporter(report => _reports.Add((RunProgress)report), _time, work: 100);
        _time.Pass(TimeSpan.FromSeconds(100));
        progress.Advance("training", 10, 10, 1, 1, workDone: 90, images: 1000);
        _time.Pass(TimeSpan.FromSeconds(2));
        progress.Advance("CAM inference", 20, 20, 1, 1, workDone: 10, images: 20);

        Assert.Equal(10, _reports[^1].ImagesPerSecond);
    }

    private sealed class TestTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
