using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Web.Cli.Display;

namespace Dashboard.Web.Cli.Launch;

/// <summary>
/// What <c>train --json</c> and <c>resume --json</c> print. The measured values are those of the run's <see cref="MainScore"/>; null before there is
/// one.
/// </summary>
/// <param name="Miou">0..1.</param>
/// <param name="PerClass">IoU by label name, background first; null where a class occurs nowhere.</param>
/// <param name="Seconds">Time that workers spent on the run.</param>
/// <param name="SpecHash">Equal for runs that must give equal numbers.</param>
/// <param name="Error">Null when the run has done all it set out to do.</param>
internal sealed record RunResult(
    string Run,
    string Folder,
    string? Row,
    double? Miou,
    IReadOnlyDictionary<string, double?>? PerClass,
    double? Threshold,
    Protocol? Protocol,
    double Seconds,
    long Seed,
    string SpecHash,
    string? Error)
{
    public static RunResult Of(RunSpec spec, RunFolder folder, RunProjection projection, string? error)
    {
        var main = MainScore.Of(spec, projection.Evaluations);
        return new RunResult(
            spec.Id,
            folder.Path,
            main?.Row,
            main?.Miou,
            main?.IouByName(),
            main?.Protocol.Threshold,
            main?.Protocol,
            projection.Last is RunFinished finished ? finished.Seconds : Math.Round(projection.Active.TotalSeconds, 3),
            spec.Seed,
            spec.Hash,
            error);
    }

    public string ToJson() => JsonResult.Of(this);

    public string ToText() => Miou is null
        ? $"{Run} has finished in {Seconds:0.0} s; nothing was evaluated."
        : $"{Run} has finished in {Seconds:0.0} s: {Row} mIoU {100 * Miou:0.00}{(Threshold is null ? "" : $" at threshold {Threshold:0.###}")}. "
            + $"{Folder}";
}
