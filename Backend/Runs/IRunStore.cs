using System.Text.Json.Serialization;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>The index of all runs, kept up to date from their event logs. Thread-safe; what the pages, the hub and the API read.</summary>
public interface IRunStore
{
    /// <summary>Why no run can be seen (the data folder is gone): says what to do. Null while all is well.</summary>
    string? Problem { get; }

    /// <summary>One piece of the list of runs: filtered, sorted and cut in the index.</summary>
    /// <param name="folded">Groups that take one row: of their runs that pass the filter, one stands for all. Keys of no group do nothing.</param>
    RunPage Page(RunFilter filter, int offset, int limit, IReadOnlyCollection<string>? folded = null);

    /// <summary>What each of these groups of a list is in all.</summary>
    /// <param name="keys">As <see cref="RunSummary.GroupKey"/> gives them.</param>
    IReadOnlyDictionary<string, GroupTotals> Groups(RunGrouping grouping, IReadOnlyCollection<string> keys);

    /// <summary>Queued and running ones, newest first; quick.</summary>
    IReadOnlyList<RunSummary> Live { get; }

    /// <summary>Newest first.</summary>
    IReadOnlyList<RunSummary> OfMethod(string method);

    /// <inheritdoc cref="OfMethod"/>
    IReadOnlyList<RunSummary> InGroup(string group);

    /// <summary>Runs that name this one among their inputs, newest first.</summary>
    IReadOnlyList<RunSummary> StartingFrom(string id);

    /// <summary>Those that give the same result as one of these keys says, newest first.</summary>
    IReadOnlyList<RunSummary> WithKeys(IReadOnlyCollection<string> keys);

    /// <summary>Those of a method that were launched before there were keys, newest first.</summary>
    IReadOnlyList<RunSummary> WithoutKey(string method);

    /// <summary>Seconds that the last few finished runs of the same method, preset and data set took, on a GPU or not as this one.</summary>
    IReadOnlyList<double> DurationsLike(RunSpec spec);

    /// <summary>All there are, newest first. Thousands of them take a moment: pages ask for less.</summary>
    IReadOnlyList<RunSummary> Runs { get; }

    /// <summary>Another number whenever a run has come, gone or changed its state.</summary>
    long ListVersion { get; }

    RunSummary? Find(string id);

    /// <summary>Changes a run's name, tags, star or notes.</summary>
    /// <exception cref="InvalidRunException">There is no such run, or a limit is broken.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    RunLabels Label(string id, Func<RunLabels, RunLabels> change);

    /// <summary>The run's folder, even of a run that lies elsewhere (<c>--out</c>).</summary>
    RunFolder? Folder(string id);

    /// <summary>In the order in which they were made.</summary>
    IReadOnlyList<RunEvaluated> EvaluationsOf(string id);

    /// <summary>What a leaderboard shows.</summary>
    /// <param name="top">Runs of a protocol; null for all.</param>
    /// <param name="protocol">Null for all.</param>
    /// <param name="className">Ranks by this class's IoU instead of the mIoU.</param>
    LeadingEvaluations Leading(int? top, string? protocol, string? className);

    /// <summary>The places from <paramref name="skip"/> on, of one protocol or of all; cut in the index.</summary>
    /// <inheritdoc cref="Leading"/>
    BoardPage Board(string? protocol, string? className, int skip, int take);

    /// <summary>All evaluations of all runs. Thousands of runs take a moment: pages ask for less.</summary>
    IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> Evaluations { get; }

    /// <summary>Another number whenever a run has been evaluated, or one that was has come or gone.</summary>
    long EvaluationsVersion { get; }

    /// <summary>Stored events after <paramref name="afterSeq"/>, then live ones as they are written; ends after the run's last event.</summary>
    IAsyncEnumerable<RunEvent> Follow(string id, long afterSeq, CancellationToken stop);

    /// <summary>
    /// One metric of a run, thinned to buckets that keep minimum, maximum and last value. Voided stretches (before a resume) are left out.
    /// </summary>
    MetricSeries Series(string id, string metric, long fromStep, long toStep, int buckets);

    /// <summary>Names of the metrics a run has reported, sorted.</summary>
    IReadOnlyList<string> Metrics(string id);

    /// <summary>Called after something about a run changed (state, progress, evaluation), at most every 100 ms a run; dispose to stop.</summary>
    IDisposable Subscribe(Action<string> onRunChanged);
}

/// <summary>One row of the runs page.</summary>
/// <param name="Spec">With the name that people have given the run since.</param>
/// <param name="Stage">The last progress event's stage; null before the first.</param>
/// <param name="Fraction">0..1 of the whole run, as far as known.</param>
/// <param name="Eta">Seconds left.</param>
/// <param name="Miou">The run's <see cref="MainScore"/> so far, 0..1.</param>
/// <param name="Message">The failure, or the last log sentence.</param>
/// <param name="LastSeq">Sequence number of the last event that is indexed.</param>
public sealed record RunSummary(
    RunSpec Spec,
    RunState State,
    string? Stage,
    double Fraction,
    double? Eta,
    double? ImagesPerSecond,
    double? Miou,
    string? Message,
    DateTimeOffset? Started,
    DateTimeOffset? Ended,
    long LastSeq,
    int? QueuePosition)
{
    /// <summary>What a list draws of it.</summary>
    public RunGlance Glance { get; init; } = RunGlance.None;

    /// <summary>As <see cref="RunSpec.Recipe"/>: equal for seeds of one setting.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>The device of its last worker; null before the first.</summary>
    public string? StartedOn { get; init; }

    /// <summary>The device that it runs on or has run on; as long as it waits, what it asks for.</summary>
    [JsonIgnore]
    public string Device => State == RunState.Queued ? Spec.Device : StartedOn ?? Spec.Device;

    /// <summary>The host of its last worker; null before the first.</summary>
    public string? Host { get; init; }

    /// <summary>The cluster's job that executes it; null where this machine does.</summary>
    public RunJob? Job { get; init; }

    /// <summary>Long notes cut.</summary>
    public RunLabels Labels { get; init; } = RunLabels.None;

    /// <summary>Equal for runs that stand together in a list; null where the run belongs to no group.</summary>
    public string? GroupKey(RunGrouping grouping) => grouping switch
    {
        RunGrouping.Launch => Spec.Group,
        RunGrouping.Method => Spec.Method,
        RunGrouping.Seeds => Recipe,
        _ => null,
    };
}

/// <summary>A thinned curve: parallel arrays, one entry a bucket.</summary>
/// <param name="Steps">Step of the bucket's last value.</param>
/// <param name="Times">When the bucket's last value was reported, in seconds since 1970.</param>
/// <param name="Points">Number of points before thinning: "N of M points".</param>
public sealed record MetricSeries(string Run, string Metric, IReadOnlyList<long> Steps, IReadOnlyList<double> Times, IReadOnlyList<double> Last,
    IReadOnlyList<double> Min, IReadOnlyList<double> Max, long Points);
