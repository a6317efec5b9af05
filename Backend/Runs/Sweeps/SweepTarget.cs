using System.Text.Json.Nodes;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Pipelines;

namespace Dashboard.Backend.Runs.Sweeps;

/// <summary>What a sweep repeats with other options: a method, or a whole pipeline, whose last stage is scored.</summary>
internal abstract class SweepTarget
{
    public static SweepTarget? Find(string name) =>
        MethodCatalog.Find(name) is { } method ? new OfMethod(method) : PipelineCatalog.Find(name) is { } pipeline ? new OfPipeline(pipeline) : null;

    public static string NotFound(string name) =>
        $"target: there is no method and no pipeline '{name}'. Methods: {string.Join(", ", MethodCatalog.All.Select(known => known.Name))}. "
        + $"Pipelines: {string.Join(", ", PipelineCatalog.All.Select(known => known.Name))}.";

    public abstract string Title { get; }

    /// <summary>An option as typed, and its name as it is written; null, having said why, where there is none.</summary>
    public abstract (string Name, OptionField Field)? FindOption(string typed, ICollection<OptionFailure> failures);

    /// <summary>The runs of one point, the scored one last.</summary>
    /// <param name="request">With the runs' name in the place of the sweep's.</param>
    /// <param name="assignments">name=value, the request's own before those of the point.</param>
    /// <param name="prefix">Makes the stages' names unique among all points.</param>
    /// <param name="failures">Takes what is wrong.</param>
    public abstract IReadOnlyList<WantedRun> Runs(SweepRequest request, IReadOnlyList<string> assignments, long seed, string prefix, string? group,
        List<OptionFailure> failures);

    /// <summary>All options that the points have in common; null where the target is no single method, or has no such preset.</summary>
    public abstract JsonObject? Options(SweepRequest request);

    /// <summary>The variants of the method's ablation; empty where there is none.</summary>
    public abstract IReadOnlyList<AblationVariant> Ablation { get; }

    private sealed class OfMethod(MethodDescriptor method) : SweepTarget
    {
        public override string Title => method.Title;

        public override (string Name, OptionField Field)? FindOption(string typed, ICollection<OptionFailure> failures) =>
            method.Schema.Find(typed, failures) is { } found ? (found.Name, found) : null;

        public override IReadOnlyList<WantedRun> Runs(SweepRequest request, IReadOnlyList<string> assignments, long seed, string prefix,
            string? group, List<OptionFailure> failures)
        {
            var options = new JsonObject();
            failures.AddRange(method.Schema.Assign(options, assignments));
            return
            [
                new WantedRun(new RunRequest(method.Name, request.Dataset, request.Preset, options, seed, request.Device, request.Name,
                    request.Inputs, group)) { Reuse = true },
            ];
        }

        public override IReadOnlyList<AblationVariant> Ablation => method.Ablation;

        public override JsonObject? Options(SweepRequest request)
        {
            var preset = method.Presets.FirstOrDefault(preset =>
                preset.Name.Equals(request.Preset ?? method.Presets[0].Name, StringComparison.OrdinalIgnoreCase));
            if (preset is null)
                return null;
            var options = method.Schema.Write(preset.Options);
            method.Schema.Assign(options, request.Set ?? []);
            return options;
        }
    }

    private sealed class OfPipeline(Pipeline pipeline) : SweepTarget
    {
        public override string Title => pipeline.Title;

        public override (string Name, OptionField Field)? FindOption(string typed, ICollection<OptionFailure> failures)
        {
            var parts = typed.Split('.', 2);
            if (parts.Length < 2
                || pipeline.Stages.FirstOrDefault(stage => stage.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase)) is not { } found)
            {
                failures.Add(new(typed,
                    $"'{typed}' is not of the form STAGE.OPTION. The stages are {string.Join(", ", pipeline.Stages.Select(stage => stage.Name))}."));
                return null;
            }
            return MethodCatalog.Get(found.Method).Schema.Find(parts[1], failures) is { } field ? ($"{found.Name}.{field.Name}", field) : null;
        }

        public override IReadOnlyList<WantedRun> Runs(SweepRequest request, IReadOnlyList<string> assignments, long seed, string prefix,
            string? group, List<OptionFailure> failures)
        {
            var (choice, options) = PipelineAssignments.Read(pipeline, assignments, failures);
            if (failures.Count > 0)
                return [];
            var wanted = PipelinePlan.Of(pipeline,
                new(request.Dataset, request.Preset, seed, request.Device, choice, options, request.Name), group);
            return [.. wanted.Select(run => run with
            {
                Stage = $"{prefix} {run.Stage}",
                From = run.From.ToDictionary(role => role.Key, role => $"{prefix} {role.Value}"),
            })];
        }

        public override IReadOnlyList<AblationVariant> Ablation => [];

        public override JsonObject? Options(SweepRequest request) => null;
    }
}
