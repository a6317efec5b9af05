using System.Text.Json.Nodes;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Pipelines;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>Options of a pipeline's stages as typed: "clims.epochs=4"; without a stage, what the pipeline lets one choose: "refine=psa".</summary>
public static class PipelineAssignments
{
    /// <param name="failures">Takes what is wrong with them.</param>
    public static (string? Choice, IReadOnlyDictionary<string, JsonObject> Options) Read(Pipeline pipeline, IReadOnlyList<string> assignments,
        List<OptionFailure> failures)
    {
        var (choice, options) = ((string?)null, new Dictionary<string, JsonObject>());
        foreach (var assignment in assignments)
        {
            var target = assignment.Split('=')[0].Trim();
            if (pipeline.Choice is { } known && known.Name.Equals(target, StringComparison.OrdinalIgnoreCase) && assignment.Contains('='))
                choice = assignment.Split('=', 2)[1].Trim();
            else if (target.Split('.', 2) is not [var name, _])
                failures.Add(
                    new("set",
                        $"set: '{assignment}' is not of the form STAGE.OPTION=VALUE. The stages are "
                        + $"{string.Join(", ", pipeline.Stages.Select(stage => stage.Name))}."));
            else if (pipeline.Stages.FirstOrDefault(stage => stage.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } stage)
                failures.Add(
                    new(name, $"{name}: there is no such stage. The stages are {string.Join(", ", pipeline.Stages.Select(stage => stage.Name))}."));
            else
            {
                if (!options.TryGetValue(stage.Name, out var values))
                    options[stage.Name] = values = [];
                failures.AddRange(MethodCatalog.Get(stage.Method).Schema.Assign(values, [assignment[(assignment.IndexOf('.') + 1)..]])
                    .Select(failure => new OptionFailure($"{stage.Name}.{failure.Option}", $"{stage.Name}: {failure.Message}")));
            }
        }
        return (choice, options);
    }

    /// <summary>As they are typed.</summary>
    public static IEnumerable<string> Write(PipelineRequest request) => (request.Options ?? new Dictionary<string, JsonObject>())
        .SelectMany(stage => stage.Value.Select(option => $"{stage.Key}.{option.Key}={OptionField.Format(option.Value)}"));
}
