using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dashboard.Tests.Golden;

/// <summary>One case of a <c>case.json</c>: inputs, expected numbers and tolerances as the reference implementation gave them.</summary>
public sealed partial class GoldenCase(string folder, string subject, JsonElement json)
{
    /// <summary>The subject's folder, which holds <c>case.json</c>.</summary>
    public string Folder { get; } = folder;

    public string Subject { get; } = subject;

    public string Name { get; } = json.GetProperty("name").GetString()!;

    /// <summary>What the case checks: its name without sizes and counters.</summary>
    public string Kind => KindOf(Name);

    /// <summary>The case's own element, for parameters such as <c>threshold</c> or <c>keys</c>.</summary>
    public JsonElement Json { get; } = json;

    /// <summary>Another case of the same subject: some refer to "the weights above".</summary>
    public GoldenCase Sibling(string name) => GoldenCases.In(Folder).First(other => other.Name == name);

    public bool HasArray(string name) => Json.TryGetProperty("arrays", out var arrays) && arrays.TryGetProperty(name, out _);

    public IReadOnlyList<string> ArrayNames => [.. Json.GetProperty("arrays").EnumerateObject().Select(array => array.Name)];

    /// <summary>A stored array.</summary>
    public NpyArray Array(string name) => NpyArray.Read(Path.Combine(Folder, Require("arrays", name).GetProperty("file").GetString()!));

    /// <summary>The absolute path of a stored file: an image, weights, <c>params.json</c>.</summary>
    public string File(string name) => Path.Combine(Folder, Require("files", name).GetProperty("file").GetString()!);

    public IReadOnlyList<string> Files => [.. Json.GetProperty("files").EnumerateObject().Select(file => file.Name)];

    /// <summary>A recorded value, found by its keys (and indices) below <c>values</c>.</summary>
    public JsonElement Value(params string[] path) => path.Aggregate(Json.GetProperty("values"), (element, key) =>
        element.ValueKind == JsonValueKind.Array ? element[int.Parse(key, CultureInfo.InvariantCulture)]
        : element.TryGetProperty(key, out var found) ? found
        : throw new InvalidDataException($"{this}: values has no {string.Join('/', path)}."));

    /// <summary>The one recorded value whose name starts so: some names tell the case's scales.</summary>
    public string ValueName(string prefix) =>
        Json.GetProperty("values").EnumerateObject().Select(value => value.Name).Single(name => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>A recorded number; NaN and infinities are written as strings.</summary>
    public double Number(params string[] path) => ToDouble(Value(path));

    /// <summary>Recorded numbers.</summary>
    public double[] Numbers(params string[] path) => [.. Value(path).EnumerateArray().Select(ToDouble)];

    /// <summary>A tolerance under its name, for example <c>abs</c>.</summary>
    public double Tolerance(string name) => Require("tolerance", name).GetDouble();

    /// <summary>The number in the case's rule <c>max|a-b| &lt;= NUMBER*max|ref|</c>.</summary>
    public double RelativeTolerance() =>
        RelativeRuleIn(Require("tolerance", "rule").GetString()!) ?? throw new InvalidDataException($"{this}: no relative tolerance in the rule.");

    /// <summary>The number in a rule <c>max|a-b| &lt;= NUMBER*max|ref|</c>.</summary>
    internal static double? RelativeRuleIn(string rule) =>
        RelativeRule().Match(rule) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    /// <summary>An input that is defined by the closed formula.</summary>
    public (float[] Values, long[] Shape) FormulaInput(string name)
    {
        var input = Require("formula_inputs", name);
        var shape = input.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        return (GoldenFormula.Values(
            input.GetProperty("p").GetUInt32(),
            shape.Aggregate(1L, (product, size) => product * size),
            input.GetProperty("base").GetDouble(),
            input.GetProperty("amp").GetDouble(),
            input.GetProperty("seed").GetUInt32()), shape);
    }

    /// <summary>
    /// An input that the case does not list, but tells in its description: "G=formula(5001) base 0 amp 1", or, of a row of inputs,
    /// "batch j = formula(5200+j,...) base 0 amp 120".
    /// </summary>
    /// <param name="further">j: which of the row.</param>
    public float[] FormulaInput(string name, long[] shape, uint further = 0)
    {
        var told = Regex.Match(Description, $@"\b{Regex.Escape(name)}\s*=\s*formula\((\d+)[^)]*\)\s*base\s+(\S+)\s+amp\s+(\d*\.?\d+)");
        if (!told.Success)
            throw new InvalidDataException($"{this}: the description tells no formula of {name}.");
        double Number(int group) => double.Parse(told.Groups[group].Value, CultureInfo.InvariantCulture);
        return GoldenFormula.Values((uint)Number(1) + further, shape.Aggregate(1L, (product, size) => product * size), Number(2), Number(3), seed: 0);
    }

    /// <summary>A parameter that only the description tells: the number behind some words of it, such as "conflict .9".</summary>
    /// <param name="otherwise">The authors' own, where it does not tell.</param>
    public double NumberAfter(string words, double otherwise)
    {
        var told = Regex.Match(Description, $@"{Regex.Escape(words)}\s*(\d*\.?\d+)");
        return told.Success ? double.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture) : otherwise;
    }

    /// <summary>The formula-filled weights that a <c>params.json</c> lists, in its order.</summary>
    public IEnumerable<(string Name, long[] Shape, float[] Values)> Parameters(string file = "params.json") => Formula(File(file));

    /// <summary>Those of a list that another case may own, by its path in the subject's folder.</summary>
    public IEnumerable<(string Name, long[] Shape, float[] Values)> ParametersIn(string path) => Formula(Path.Combine(Folder, path));

    private static IEnumerable<(string Name, long[] Shape, float[] Values)> Formula(string path)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
        var seed = document.RootElement.GetProperty("seed").GetUInt32();
        foreach (var parameter in document.RootElement.GetProperty("params").EnumerateArray())
        {
            var shape = parameter.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            yield return (parameter.GetProperty("name").GetString()!, shape, GoldenFormula.Values(
                parameter.GetProperty("index").GetUInt32(),
                shape.Aggregate(1L, (product, size) => product * size),
                parameter.GetProperty("base").GetDouble(),
                parameter.GetProperty("amp").GetDouble(),
                seed));
        }
    }

    public override string ToString() => $"{Subject}/{Name}";

    /// <summary>
    /// The parts of a name that are neither a size ("64x48") nor a counter or parameter ("0", "r5", "lr0.01"):
    /// "64x48-irn" is of kind "irn", "propagate-0" of kind "propagate".
    /// </summary>
    public static string KindOf(string name) => string.Join('-', name.Split('-').Where(part => !SizeOrCounter().IsMatch(part)));

    private static double ToDouble(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? double.Parse(element.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
        : element.GetDouble();

    private string Description => Json.GetProperty("formula").GetString()!;

    private JsonElement Require(string group, string name) =>
        Json.TryGetProperty(group, out var members) && members.ValueKind == JsonValueKind.Object && members.TryGetProperty(name, out var member)
            ? member
            : throw new InvalidDataException($"{this}: {group} has no '{name}'.");

    [GeneratedRegex(@"^[a-z]{0,2}\d+(\.\d+)?(x\d+)*$")]
    private static partial Regex SizeOrCounter();

    [GeneratedRegex(@"<=\s*([0-9.]+(?:e-?\d+)?)\s*\*\s*max\|ref\|")]
    private static partial Regex RelativeRule();
}
