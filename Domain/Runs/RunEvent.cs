using System.Text.Json.Serialization;

namespace Dashboard.Domain.Runs;

/// <summary>One line of <c>events.jsonl</c>. The log is append-only; <see cref="Seq"/> counts 1, 2, 3, ... without gaps.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunStarted), "started")]
[JsonDerivedType(typeof(RunResumed), "resumed")]
[JsonDerivedType(typeof(RunProgress), "progress")]
[JsonDerivedType(typeof(RunMetrics), "metrics")]
[JsonDerivedType(typeof(RunSnapshot), "snapshot")]
[JsonDerivedType(typeof(RunEvaluated), "evaluated")]
[JsonDerivedType(typeof(RunCheckpoint), "checkpoint")]
[JsonDerivedType(typeof(RunLog), "log")]
[JsonDerivedType(typeof(RunSystem), "system")]
[JsonDerivedType(typeof(RunProfile), "profile")]
[JsonDerivedType(typeof(RunFinished), "finished")]
[JsonDerivedType(typeof(RunFailed), "failed")]
[JsonDerivedType(typeof(RunCancelled), "cancelled")]
public abstract record RunEvent
{
    /// <summary>Given by the log's writer.</summary>
    [JsonPropertyOrder(-2)]
    public long Seq { get; init; }

    /// <summary>UTC; given by the log's writer.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset Time { get; init; }

    /// <summary>True for the events after which nothing more comes, unless the run is resumed.</summary>
    [JsonIgnore]
    public bool IsLast => this is RunFinished or RunFailed or RunCancelled;
}

/// <summary>The worker has begun.</summary>
/// <param name="Device">The one that it computes on: cpu or cuda:N.</param>
public sealed record RunStarted(int ProcessId, string Host, string Device, string CodeVersion) : RunEvent;

/// <summary>
/// The worker goes on from the checkpoint taken after <paramref name="Step"/>: metrics, snapshots and progress of later steps that stand above are
/// void.
/// </summary>
public sealed record RunResumed(int ProcessId, string Host, long Step, int Epoch) : RunEvent;

/// <summary>How far a stage ("train", "CAM inference", ...) is. <paramref name="Eta"/>: seconds left in the whole run, as far as known.</summary>
/// <param name="Step">Step of <paramref name="Steps"/> within the stage.</param>
public sealed record RunProgress(string Stage, long Step, long Steps, int Epoch, int Epochs, double? ImagesPerSecond, double? Eta) : RunEvent
{
    /// <summary>0..1 of the whole run.</summary>
    public double Fraction { get; init; }
}

/// <summary>Named values after a step. Steps count from 1 over the whole run. Names with a prefix ("epoch/loss") are one value an epoch.</summary>
public sealed record RunMetrics(long Step, int Epoch, IReadOnlyDictionary<string, double> Values) : RunEvent;

/// <summary>Pictures of a fixed set of images after an epoch.</summary>
public sealed record RunSnapshot(long Step, int Epoch, IReadOnlyList<SnapshotPanel> Panels) : RunEvent;

/// <summary>One picture of a snapshot. <paramref name="File"/> is relative to the run folder and never rewritten.</summary>
/// <param name="Image">Identifier of the image in its data set.</param>
/// <param name="Kind">"image", "truth", "cam" (one class's heat map over the image) or "mask" (the label map).</param>
/// <param name="Class">The class shown; null for image, truth and mask.</param>
public sealed record SnapshotPanel(string Image, string Kind, string? Class, string File);

/// <summary>A measured mIoU, 0..1, with everything that is needed to compare it.</summary>
/// <param name="Row">What was scored, as the leaderboard names it: "CAM", "all background", "centre prior".</param>
/// <param name="Reference">True for trivial rows that stand on the board for orientation.</param>
/// <param name="Miou">Mean over the classes that occur in truth or prediction (chainercv's nan-mean).</param>
/// <param name="PerClass">IoU per label, background first; null where the class occurs nowhere.</param>
/// <param name="Interval">Bootstrap interval of the mIoU over images.</param>
/// <param name="Sweep">mIoU against threshold, where one was swept.</param>
public sealed record RunEvaluated(
    long Step,
    string Row,
    bool Reference,
    Protocol Protocol,
    double Miou,
    IReadOnlyList<double?> PerClass,
    IReadOnlyList<string> ClassNames,
    ConfidenceInterval? Interval,
    IReadOnlyList<ThresholdPoint>? Sweep) : RunEvent
{
    /// <summary>False where no class occurred in truth or prediction: such an mIoU is not a number, and has no rank.</summary>
    [JsonIgnore]
    public bool IsMeasured => !double.IsNaN(Miou);

    /// <summary>
    /// IoU by label name, background first; null where a class occurs nowhere. A name that occurs twice, as in runs made before that was refused, has
    /// its label after it: the numbers of both are kept.
    /// </summary>
    public IReadOnlyDictionary<string, double?> IouByName()
    {
        var named = new Dictionary<string, double?>(StringComparer.Ordinal);
        foreach (var (label, (name, iou)) in ClassNames.Zip(PerClass).Index())
            named[named.ContainsKey(name) ? $"{name} (label {label})" : name] = iou is double.NaN ? null : iou;
        return named;
    }

    /// <summary>
    /// What else is known of the same label maps, each 0..1, by the names of <see cref="Segmentation.CooccurrenceMeasures"/>; null where nothing is.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Measures { get; init; }
}

/// <summary>A bootstrap interval at <paramref name="Level"/> (for example 0.95).</summary>
public sealed record ConfidenceInterval(double Low, double High, double Level);

/// <summary>One point of a threshold sweep.</summary>
public sealed record ThresholdPoint(double Threshold, double Miou);

/// <summary>A complete checkpoint. <paramref name="Folder"/> is relative to the run folder.</summary>
public sealed record RunCheckpoint(long Step, int Epoch, string Folder) : RunEvent;

/// <summary>A sentence for people. <paramref name="Level"/>: "info", "warning" or "error".</summary>
public sealed record RunLog(string Level, string Message) : RunEvent;

/// <summary>What the worker uses of its machine, every few seconds. Says nothing about the results, and differs from run to run.</summary>
/// <param name="Second">Of the time that workers have spent on the run.</param>
/// <param name="Values">By the names below; of a GPU only where there is one and its driver tells.</param>
public sealed record RunSystem(long Second, IReadOnlyDictionary<string, double> Values) : RunEvent
{
    /// <summary>What all names begin with: told apart from what a method measures.</summary>
    public const string Prefix = "system ";

    /// <summary>100 is one core that is busy all the time.</summary>
    public const string Processor = Prefix + "CPU %";

    /// <summary>Resident memory of the worker.</summary>
    public const string Memory = Prefix + "memory GB";

    /// <summary>Share of time in which the GPU computed something, for whatever process.</summary>
    public const string Gpu = Prefix + "GPU %";

    /// <summary>Used by all processes on the GPU.</summary>
    public const string GpuMemory = Prefix + "GPU memory GB";

    public static bool IsOwn(string metric) => metric.StartsWith(Prefix, StringComparison.Ordinal);
}

/// <summary>
/// Where the time of some training steps went, in seconds over all of them. Says nothing about the results, and differs from run to run.
/// </summary>
/// <param name="Step">The first of the steps.</param>
/// <param name="File">Their trace, relative to the run folder; never rewritten.</param>
/// <param name="Images">Waiting for the loader.</param>
/// <param name="Device">Computing: on a GPU, waiting for it once all is launched.</param>
/// <param name="Host">The rest: launching, reporting.</param>
public sealed record RunProfile(long Step, int Steps, string File, double Images, double Device, double Host) : RunEvent
{
    /// <summary>The parts as they are read in a sentence, with their share of the time, 0..1; the largest first.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Part, double Share)> Shares
    {
        get
        {
            var whole = Images + Device + Host;
            return
            [
                .. new[] { ("waits for images", Images), ("computes", Device), ("works on the host", Host) }
                    .Select(part => (part.Item1, whole > 0 ? part.Item2 / whole : 0))
                    .OrderByDescending(part => part.Item2),
            ];
        }
    }

    /// <summary>"Computes 64 % of the time, waits for images 31 %, works on the host 5 %."</summary>
    [JsonIgnore]
    public string Verdict
    {
        get
        {
            var (first, rest) = (Shares[0], Shares.Skip(1).Select(share => $"{share.Part} {100 * share.Share:0} %"));
            return $"{char.ToUpperInvariant(first.Part[0])}{first.Part[1..]} {100 * first.Share:0} % of the time, {string.Join(", ", rest)}.";
        }
    }
}

/// <summary>The run has done all it set out to do.</summary>
public sealed record RunFinished(double Seconds) : RunEvent
{
    /// <summary>The most memory that the last worker of the run has used; null in logs of older versions.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The same of its GPU; null where there is none, or its driver does not tell.</summary>
    public long? DeviceMemoryBytes { get; init; }
}

/// <summary>The run gave up. The message names the file or option at fault and says what to do.</summary>
public sealed record RunFailed(string Message, string? Detail = null) : RunEvent;

/// <summary>The run was stopped by a person; its process is gone.</summary>
public sealed record RunCancelled : RunEvent;
