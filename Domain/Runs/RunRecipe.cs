using System.Text.Json;
using Dashboard.Domain.Methods;

namespace Dashboard.Domain.Runs;

/// <summary>
/// What runs that differ in their seed only have in common: method and its result version, all options but those that change rounding only, the data
/// set's name, and the roles of the runs they start from, whose own recipes tell the rest.
/// </summary>
public static class RunRecipe
{
    private static readonly Dictionary<string, string> NoFiles = [];

    /// <returns>SHA-256, hex; null where the spec cannot be understood: such a run is like no other.</returns>
    public static string? Of(RunSpec spec)
    {
        try
        {
            return MethodCatalog.Find(spec.Method) is { } method
                ? RunKey.Of(method, spec.Options, seed: 0, spec.Dataset, NoFiles, spec.Inputs.Keys.ToDictionary(role => role, _ => ""))
                : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
