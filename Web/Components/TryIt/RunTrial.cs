using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using Microsoft.AspNetCore.WebUtilities;

namespace Dashboard.Web.Components.TryIt;

/// <summary>What a run's network makes of a single image.</summary>
public enum TrialKind
{
    /// <summary>A map for every class: CAM and CLIMS.</summary>
    Activations,

    /// <summary>A label for every pixel: segmentation networks.</summary>
    Labels,
}

/// <summary>How a finished run is tried on an image, if it can be.</summary>
public static class RunTrial
{
    /// <summary>Null where its network answers no image by itself.</summary>
    public static TrialKind? KindOf(RunSummary run) => run.State != RunState.Finished ? null
        : run.Spec.Method == CamMethod.Descriptor.Name || run.Spec.Method == ClimsMethod.Descriptor.Name ? TrialKind.Activations
        : run.Spec.Method == SegmentMethod.Descriptor.Name ? TrialKind.Labels
        : null;

    /// <summary>The page to try a run on; null where there is none.</summary>
    /// <param name="folder">The run's.</param>
    public static string? AddressOf(RunSummary run, RunFolder? folder)
    {
        if (KindOf(run) is not null)
            return $"runs/{Uri.EscapeDataString(run.Spec.Id)}/try";
        if (run.State != RunState.Finished)
            return null;
        // A model of texts and images is asked about class names, on the page of all such models.
        if (folder?.File("model") is { } model && Directory.Exists(model))
            return QueryHelpers.AddQueryString("try", Settings(run.Spec, $"model={model}"));
        return run.Spec.Method == ZeroShotMethod.Descriptor.Name
            ? QueryHelpers.AddQueryString("try", Settings(run.Spec, [.. Differences(run.Spec)]))
            : null;
    }

    /// <summary>Why there is nothing to try, and what to do.</summary>
    public static string Refusal(RunSummary run) => run.State != RunState.Finished
        ? $"This run is {run.State.ToString().ToLowerInvariant()}: it can be tried when it has finished."
        : $"A run of {MethodCatalog.TitleOf(run.Spec.Method)} leaves no network that answers a single image. "
            + "Try the CAM, CLIMS, SimSeg or segmentation run beside it.";

    private static IEnumerable<KeyValuePair<string, string?>> Settings(RunSpec spec, params string[] assignments) =>
        assignments.Select(assignment => KeyValuePair.Create("set", (string?)assignment))
            .Prepend(KeyValuePair.Create("dataset", (string?)spec.Dataset));

    /// <summary>What is not as the page has it by itself.</summary>
    private static IEnumerable<string> Differences(RunSpec spec) =>
        from field in ZeroShotMethod.Descriptor.Schema.Fields
        where spec.Options.ContainsKey(field.Name)
        let text = OptionField.Format(spec.Options[field.Name])
        where text != OptionField.Format(field.Default)
        select $"{field.Name}={text}";
}
