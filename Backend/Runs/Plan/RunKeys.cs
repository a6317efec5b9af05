using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>Computes run keys for one plan. Reads names, sizes and times of files, never what is in them.</summary>
internal sealed class RunKeys(RunInventory inventory, Func<string, RunSummary?> find, TimeProvider time)
{
    private readonly FileFingerprints _files = new(time);

    /// <summary>Of runs whose specs hold none.</summary>
    private readonly Dictionary<string, string> _computed = new(StringComparer.Ordinal);

    /// <param name="spec">Its options are complete.</param>
    /// <param name="inputs">Keys of the runs that it starts from, by role.</param>
    /// <exception cref="DatasetException">The data set cannot be looked at.</exception>
    /// <exception cref="IOException">A file that an option names cannot be looked at.</exception>
    /// <exception cref="ModelException">A model that an option names cannot be used.</exception>
    public string Of(RunSpec spec, IReadOnlyDictionary<string, string> inputs)
    {
        var method = MethodCatalog.Get(spec.Method);
        return RunKey.Of(method, spec.Options, spec.Seed, inventory.Datasets.Fingerprint(spec.Dataset), NamedBy(method.Schema, spec.Options), inputs);
    }

    /// <summary>
    /// Of a run that there is. One that was launched before there were keys gets the one it would be given now; where that cannot be told any more,
    /// one that no other run has.
    /// </summary>
    public string OfRun(string id)
    {
        var spec = find(id)?.Spec;
        if (spec?.Key is { } key)
            return key;
        if (_computed.TryGetValue(id, out var computed))
            return computed;
        // Also ends a circle of specs that name each other.
        _computed[id] = $"run {id}";
        return _computed[id] = spec is null ? $"run {id}" : TryCompute(spec) ?? $"run {id}";
    }

    private string? TryCompute(RunSpec spec)
    {
        if (MethodCatalog.Find(spec.Method) is not { } method || method.Schema.Read(spec.Options, out var options).Count > 0)
            return null;
        try
        {
            return Of(spec with { Options = method.Schema.Write(options!) },
                spec.Inputs.ToDictionary(input => input.Key, input => OfRun(input.Value)));
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException or ModelException)
        {
            return null;
        }
    }

    /// <summary>What lies behind the paths and models that options name. A model with a name has been read to its last byte.</summary>
    private Dictionary<string, string> NamedBy(OptionSchema schema, JsonObject options)
    {
        var named = new Dictionary<string, string>();
        foreach (var field in schema.Fields.Where(field => field.IsPath || field.IsModel))
            if (options[field.Name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0)
                named[field.Name] = field.IsPath || ModelCatalog.IsPath(text) ? _files.Of(text) : inventory.Models.Find(text).Sha256;
        return named;
    }
}
