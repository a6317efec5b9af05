using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Runs;

/// <summary>
/// Says when two runs would give the same result. In it: method and its result version, all options but those that change rounding only, seed, data
/// set, the files that options name, and the keys of the runs it starts from. Not in it: device, name, group, and the preset's name.
/// </summary>
public static class RunKey
{
    /// <param name="options">All of the method's, defaults included.</param>
    /// <param name="data">Fingerprint of the data set.</param>
    /// <param name="files">Fingerprints of files and models, by the option that names them.</param>
    /// <param name="inputs">Keys of the runs that it starts from, by role.</param>
    /// <returns>SHA-256, hex.</returns>
    public static string Of(
        MethodDescriptor method, JsonObject options, long seed, string data, IReadOnlyDictionary<string, string> files,
        IReadOnlyDictionary<string, string> inputs)
    {
        var fields = method.Schema.Fields
            .Where(field => field.ChangesResult && !(field.IsNewerThanKeys && HasDefault(field, options)))
            .OrderBy(field => field.Name, StringComparer.Ordinal);
        var canonical = new JsonObject
        {
            ["method"] = method.Name,
            ["version"] = method.ResultVersion,
            ["options"] = new JsonObject(fields.Select(field =>
                KeyValuePair.Create(field.Name, Canonical(options.TryGetPropertyValue(field.Name, out var value) ? value : field.Default)))),
            ["seed"] = seed,
            ["data"] = data,
            ["files"] = Sorted(files),
            ["inputs"] = Sorted(inputs),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(canonical, RunJson.Line)));
    }

    private static bool HasDefault(OptionField field, JsonObject options) =>
        !options.TryGetPropertyValue(field.Name, out var value) || JsonNode.DeepEquals(Canonical(value), Canonical(field.Default));

    private static JsonObject Sorted(IReadOnlyDictionary<string, string> texts) =>
        new(texts.OrderBy(text => text.Key, StringComparer.Ordinal).Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value)));

    /// <summary>Names in one order, and 1.0 written as 1 is.</summary>
    private static JsonNode? Canonical(JsonNode? value) => value switch
    {
        JsonObject table =>
            new JsonObject(table.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => KeyValuePair.Create(row.Key, Canonical(row.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Canonical)]),
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number =>
            JsonValue.Create(JsonSerializer.Deserialize<double>(scalar, RunJson.Line)),
        _ => value?.DeepClone(),
    };
}
