using System.Text.Json.Nodes;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Pretrained;

/// <summary>Which runs a model is needed for.</summary>
public static class ModelUse
{
    /// <returns>Identifiers of the runs whose specs name it.</returns>
    public static IReadOnlyList<string> Of(IEnumerable<RunSpec> specs, string model) =>
        [.. specs.Where(spec => Names(spec, model)).Select(spec => spec.Id)];

    private static bool Names(RunSpec spec, string model) =>
        MethodCatalog.Find(spec.Method)?.Schema.Fields
            .Any(field =>
                field.IsModel && spec.Options[field.Name] is JsonValue value && value.TryGetValue<string>(out var named)
                    && named.Equals(model, StringComparison.OrdinalIgnoreCase)) == true;
}
