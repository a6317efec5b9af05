namespace Dashboard.Domain.Runs;

/// <summary>
/// Holds an event that was read from a log against what such an event may hold. What a worker may measure is allowed: a loss that is not a number, an
/// mIoU over no images.
/// </summary>
public static class RunEventCheck
{
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Latest = new(3000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <returns>A clause that names the field; null where all is well.</returns>
    public static string? Fault(RunEvent next) => next switch
    {
        _ when TimeFault(next.Time) is { } fault => $"its time {fault}",
        RunResumed resumed => Negative(("step", resumed.Step), ("epoch", resumed.Epoch)),
        RunProgress progress => Negative(("step", progress.Step), ("steps", progress.Steps), ("epoch", progress.Epoch), ("epochs", progress.Epochs)),
        RunMetrics metrics =>
            Negative(("step", metrics.Step), ("epoch", metrics.Epoch)) ?? (metrics.Values.ContainsKey("") ? "a value has no name" : null),
        RunSnapshot snapshot =>
            Negative(("step", snapshot.Step), ("epoch", snapshot.Epoch)) ?? (HasNull(snapshot.Panels) ? "one of its panels is null" : null),
        RunEvaluated evaluated => Negative(("step", evaluated.Step)) ?? EvaluationFault(evaluated),
        RunCheckpoint checkpoint => Negative(("step", checkpoint.Step), ("epoch", checkpoint.Epoch)),
        RunSystem system => Negative(("second", system.Second))
            ?? (system.Values.Keys.All(RunSystem.IsOwn) ? null : "a value has a name of the method's"),
        RunProfile profile => Negative(("step", profile.Step), ("steps", profile.Steps)) ?? ProfileFault(profile),
        RunFinished finished => finished.Seconds >= 0 && double.IsFinite(finished.Seconds)
            ? Negative(("memoryBytes", finished.MemoryBytes ?? 0), ("deviceMemoryBytes", finished.DeviceMemoryBytes ?? 0))
            : $"its seconds are {finished.Seconds}",
        _ => null,
    };

    /// <summary>Outside of it sums and differences of times overflow.</summary>
    internal static string? TimeFault(DateTimeOffset time) =>
        time >= Earliest && time < Latest ? null : $"is {time:u}, not between the years 1970 and 3000";

    private static string? EvaluationFault(RunEvaluated evaluated) => evaluated switch
    {
        { Row.Length: 0 } => "its row is empty",
        _ when !IsShare(evaluated.Miou) => $"its miou, {evaluated.Miou}, is not between 0 and 1",
        _ when evaluated.PerClass.Any(iou => iou is { } value && !IsShare(value)) => "a value of perClass is not between 0 and 1",
        _ when evaluated.PerClass.Count != evaluated.ClassNames.Count =>
            $"perClass has {evaluated.PerClass.Count} values for {evaluated.ClassNames.Count} classNames",
        _ when HasNull(evaluated.ClassNames) => "one of its classNames is null",
        { Interval: { } interval } when double.IsInfinity(interval.Low) || double.IsInfinity(interval.High) || !IsShare(interval.Level) =>
            "its interval is not valid",
        { Sweep: { } sweep } when HasNull(sweep) => "a point of its sweep is null",
        { Protocol: { Stage: "" } or { Dataset: "" } or { Split: "" } } => "its protocol lacks stage, dataset or split",
        { Protocol.Images: < 0 } => $"its protocol has {evaluated.Protocol.Images} images",
        _ => null,
    };

    private static string? ProfileFault(RunProfile profile) =>
        new[] { profile.Images, profile.Device, profile.Host }.All(seconds => seconds >= 0 && double.IsFinite(seconds))
            ? null
            : "one of its times is negative or not a number";

    /// <summary>Not a number is what is measured where there is nothing to measure; a mean of ones may be rounded up.</summary>
    private static bool IsShare(double value) => value is (>= 0 and <= 1 + 1e-9) or double.NaN;

    private static bool HasNull<T>(IReadOnlyList<T> items)
        where T : class => items.Any(item => item is null);

    private static string? Negative(params ReadOnlySpan<(string Name, long Value)> counts)
    {
        foreach (var (name, value) in counts)
            if (value < 0)
                return $"its {name}, {value}, is negative";
        return null;
    }
}
