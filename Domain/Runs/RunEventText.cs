using System.Globalization;

namespace Dashboard.Domain.Runs;

/// <summary>Events as sentences, for the log of a run and for its page.</summary>
public static class RunEventText
{
    /// <returns>Null for what is drawn instead: progress, metrics, the use of the machine.</returns>
    public static string? Sentence(RunEvent next) => next switch
    {
        RunStarted started => $"Started on {started.Host}, process {started.ProcessId}, device {started.Device}, code {started.CodeVersion}.",
        RunResumed resumed => $"Resumed after step {resumed.Step} (epoch {resumed.Epoch}) on {resumed.Host}, process {resumed.ProcessId}.",
        RunSnapshot snapshot => $"Epoch {snapshot.Epoch}: {snapshot.Panels.Count} pictures of its maps stored.",
        RunEvaluated evaluated => string.Create(CultureInfo.InvariantCulture,
            $"{evaluated.Row}: {(evaluated.IsMeasured ? $"{100 * evaluated.Miou:0.00}" : "–")} % mIoU."),
        RunCheckpoint checkpoint => $"Epoch {checkpoint.Epoch}: checkpoint written (step {checkpoint.Step}).",
        RunLog log => log.Message,
        RunProfile profile => $"Profile of {profile.Steps} steps from step {profile.Step}: {profile.Verdict} The trace is {profile.File}.",
        RunFinished finished => $"Finished after {Duration(finished.Seconds)}.",
        RunFailed failed => $"Failed: {failed.Message}",
        RunCancelled => "Stopped by a person.",
        _ => null,
    };

    private static string Duration(double seconds) => seconds switch
    {
        < 60 => $"{(int)seconds} s",
        < 3600 => $"{(int)seconds / 60} min {(int)seconds % 60:00} s",
        < 86_400 => $"{(int)seconds / 3600} h {(int)seconds / 60 % 60:00} min",
        _ => $"{(long)seconds / 86_400} d {(long)seconds / 3600 % 24} h",
    };
}
