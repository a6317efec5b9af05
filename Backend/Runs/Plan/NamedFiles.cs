using System.Text.Json.Nodes;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>The files and models that options name.</summary>
public static class NamedFiles
{
    /// <summary>Makes the paths absolute, for the worker's own folder may be another.</summary>
    /// <param name="values">Options by name; changed in place.</param>
    public static void MakeAbsolute(OptionSchema schema, JsonObject values)
    {
        foreach (var (field, text) in Given(schema, values).ToList())
            if ((field.IsPath || ModelCatalog.IsPath(text)) && !text.Contains('\0'))
                values[field.Name] = Path.GetFullPath(text);
    }

    /// <summary>What is not there, and models that a run cannot use.</summary>
    /// <param name="values">Options by name, paths absolute.</param>
    /// <param name="open">
    /// Whether checkpoints, and models that are named by path, are opened; otherwise only their being there is looked at, as cheaply as while one
    /// types.
    /// </param>
    public static IEnumerable<OptionFailure> Faults(OptionSchema schema, JsonObject values, ModelCatalog models, bool open)
    {
        foreach (var (field, text) in Given(schema, values))
        {
            var fault = field.IsModel ? models.Fault(text, field.MustBeClip, open)
                : !Path.Exists(text) ? $"there is no {text}. Correct the path."
                : field.IsCheckpoint && open ? CheckpointFile.Fault(text)
                : null;
            if (fault is not null)
                yield return new(field.Name, $"{field.Name}: {fault}");
        }
    }

    private static IEnumerable<(OptionField Field, string Text)> Given(OptionSchema schema, JsonObject values)
    {
        foreach (var field in schema.Fields.Where(field => field.IsPath || field.IsModel))
            if (values[field.Name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0)
                yield return (field, text);
    }
}
