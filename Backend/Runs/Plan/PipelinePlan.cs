using System.Text.Json.Nodes;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Pipelines;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>The runs that a pipeline wants.</summary>
public static class PipelinePlan
{
    /// <param name="group">Borne by the runs that are made.</param>
    /// <exception cref="InvalidRunException">What is wrong with the request itself; the planner finds what is wrong with the runs.</exception>
    public static IReadOnlyList<WantedRun> Of(Pipeline pipeline, PipelineRequest request, string? group = null)
    {
        var failures = new List<OptionFailure>();
        var preset = pipeline.Presets.FirstOrDefault(preset =>
            preset.Name.Equals(request.Preset ?? pipeline.Presets[0].Name, StringComparison.OrdinalIgnoreCase));
        if (preset is null)
            failures.Add(
                new("preset",
                    $"preset: {pipeline.Name} has no preset '{request.Preset}'. Known presets: "
                    + $"{string.Join(", ", pipeline.Presets.Select(known => known.Name))}."));
        if (request.Choice is { } choice && pipeline.Choice?.Values.Contains(choice) != true)
            failures.Add(pipeline.Choice is { } known
                ? new(known.Name, $"{known.Name}: '{choice}' is not one of {string.Join(", ", known.Values)}.")
                : new("choice", $"choice: {pipeline.Name} has nothing to choose between. Leave it out."));
        var stages = pipeline.StagesOf(request.Choice);
        foreach (var name in request.Options?.Keys.Where(name => stages.All(stage => stage.Name != name)) ?? [])
            failures.Add(new(name, $"{name}: there is no such stage. The stages are {string.Join(", ", stages.Select(stage => stage.Name))}."));
        if (failures.Count > 0)
            throw new InvalidRunException(failures);

        var options = new Dictionary<string, JsonObject>();
        foreach (var stage in stages)
            options[stage.Name] = Options(stage, stages, request.Options?.GetValueOrDefault(stage.Name) ?? [], options);
        return [.. stages.Select(stage => new WantedRun(
            new RunRequest(
                stage.Method, request.Dataset, stage.PresetOf(preset!.Name), options[stage.Name], request.Seed, request.Device,
                string.IsNullOrWhiteSpace(request.Name) ? null : $"{request.Name.Trim()}: {stage.Name}", Group: group),
            stage.Name)
        {
            From = stage.WiringAmong(stages),
            Reuse = true,
        })];
    }

    /// <summary>
    /// What the pipeline and then the person set; and, where it must not differ from the stage that it starts from, what was set there.
    /// </summary>
    private static JsonObject Options(PipelineStage stage, IReadOnlyList<PipelineStage> stages, JsonObject given,
        Dictionary<string, JsonObject> above)
    {
        var options = stage.Options.DeepClone().AsObject();
        var wiring = stage.WiringAmong(stages);
        foreach (var input in MethodCatalog.Find(stage.Method)?.Inputs ?? [])
            if (wiring.TryGetValue(input.Role, out var other) && input.MadeBy is { } maker
                && stages.Any(known => known.Name == other && known.Method == maker.Method))
                foreach (var name in maker.Shared)
                    if (above[other].TryGetPropertyValue(name, out var value))
                        options[name] = value?.DeepClone();
        foreach (var (name, value) in given)
            options[name] = value?.DeepClone();
        return options;
    }
}
