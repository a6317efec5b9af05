using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Methods.Schema;

/// <summary>What kind of editor and parser an option needs.</summary>
public enum OptionKind
{
    Toggle,
    Integer,
    Number,
    Text,
    Choice,
    IntegerList,
    NumberList,
    TextList,

    /// <summary>Texts by name, at least one each.</summary>
    TextTable,
}

/// <summary>One option as form, command line and validation see it.</summary>
public sealed partial class OptionField
{
    private static readonly string[] Abbreviations = ["Btm", "Cam", "Cbs", "Clip", "Crf", "Otm", "Reg"];

    private readonly PropertyInfo _property;
    private readonly OptionAttribute _attribute;

    internal OptionField(PropertyInfo property, object? defaultValue)
    {
        _property = property;
        _attribute = property.GetCustomAttribute<OptionAttribute>()
            ?? throw new InvalidOperationException($"{property.DeclaringType?.Name}.{property.Name} has no [Option].");
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        Kind = KindOf(property.PropertyType);
        Choices = property.PropertyType.IsEnum ? [.. Enum.GetNames(property.PropertyType).Select(JsonNamingPolicy.CamelCase.ConvertName)] : [];
        Default = ToJson(defaultValue);
    }

    /// <summary>Camel case: the name in <c>spec.json</c> and in <c>--set name=value</c>.</summary>
    public string Name { get; }

    /// <summary>The name with spaces, for labels: "Batch size", "OTM weight".</summary>
    public string Label
    {
        get
        {
            var words = Words().Matches(_property.Name).Select((word, i) =>
                Abbreviations.Contains(word.Value) ? word.Value.ToUpperInvariant() : i == 0 ? word.Value : word.Value.ToLowerInvariant());
            return string.Join(' ', words);
        }
    }

    public OptionKind Kind { get; }
    public string Group => _attribute.Group;
    public string Description => _attribute.Description;
    public string? Unit => _attribute.Unit;
    public double Min => _attribute.Min;
    public double Max => _attribute.Max;
    public bool IsPath => _attribute.IsPath;
    public bool IsCheckpoint => _attribute.IsCheckpoint;
    public bool IsModel => _attribute.IsModel;
    public bool MustBeClip => _attribute.MustBeClip;
    public bool Advanced => _attribute.Advanced;
    public bool ChangesResult => _attribute.ChangesResult;
    public bool IsNewerThanKeys => _attribute.IsNewerThanKeys;

    /// <summary>Legal values of a <see cref="OptionKind.Choice"/>; empty otherwise.</summary>
    public IReadOnlyList<string> Choices { get; }

    public JsonNode? Default { get; }

    public JsonNode? Read(MethodOptions options) => ToJson(_property.GetValue(options));

    /// <summary>The value as typed on a command line: lists with commas, tables as "train=railway, track; boat=sea", invariant numbers.</summary>
    public static string Format(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join(list.Any(item => item?.GetValueKind() == JsonValueKind.String) ? ", " : ",", list.Select(Format)),
        JsonObject table => string.Join("; ", table.Select(row => $"{row.Key}={Format(row.Value)}")),
        JsonValue scalar when scalar.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(RunJson.Line),
    };

    /// <summary>Reads a value as typed by a person.</summary>
    /// <returns>False with a message that names the option and its legal values.</returns>
    public bool TryParse(string text, out JsonNode? value, out string? error)
    {
        value = null;
        text = text.Trim();
        switch (Kind)
        {
            case OptionKind.Toggle when bool.TryParse(text, out var toggle):
                value = JsonValue.Create(toggle);
                break;
            case OptionKind.Integer when long.TryParse(text, out var integer):
                value = JsonValue.Create(integer);
                break;
            case OptionKind.Number when TryNumber(text, out var number):
                value = JsonValue.Create(number);
                break;
            case OptionKind.Choice or OptionKind.Text:
                value = JsonValue.Create(text);
                break;
            case OptionKind.IntegerList when Split(text).All(item => long.TryParse(item, out _)):
                value = new JsonArray([.. Split(text).Select(item => (JsonNode)JsonValue.Create(long.Parse(item)))]);
                break;
            case OptionKind.NumberList when Split(text).All(item => TryNumber(item, out _)):
                value = new JsonArray([.. Split(text).Select(item => (JsonNode)JsonValue.Create(double.Parse(item, CultureInfo.InvariantCulture)))]);
                break;
            case OptionKind.TextList:
                value = Texts(text);
                break;
            case OptionKind.TextTable when Split(text, ';').All(row => row.Split('=') is [not "", _]):
                value = new JsonObject(Split(text, ';')
                    .Select(row => row.Split('=', StringSplitOptions.TrimEntries))
                    .DistinctBy(row => row[0])
                    .Select(row => KeyValuePair.Create(row[0], (JsonNode?)Texts(row[1]))));
                break;
            default:
                error = $"{Name}: '{text}' is not {Legal}."
                    + (Kind == OptionKind.Number && text.Contains(',') ? " The decimal mark is a point, and digits are not grouped." : "");
                return false;
        }
        error = Check(value);
        return error is null;
    }

    /// <summary>Digits are not grouped: "0,002" is no number, least of all 2.</summary>
    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>The failure of a value against kind and range; null when it is legal.</summary>
    public string? Check(JsonNode? value)
    {
        var fits = Kind switch
        {
            OptionKind.Toggle => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            OptionKind.Integer => IsNumber(value) && InRange(value) && IsWhole(value),
            OptionKind.Number => IsNumber(value) && InRange(value),
            OptionKind.Text => value is null || value.GetValueKind() == JsonValueKind.String,
            OptionKind.Choice =>
                value?.GetValueKind() == JsonValueKind.String && Choices.Contains(value.GetValue<string>(), StringComparer.OrdinalIgnoreCase),
            OptionKind.IntegerList => value is JsonArray { Count: > 0 } list && list.All(item => IsNumber(item) && InRange(item) && IsWhole(item)),
            OptionKind.NumberList => value is JsonArray { Count: > 0 } list && list.All(item => IsNumber(item) && InRange(item)),
            OptionKind.TextList => IsTexts(value),
            OptionKind.TextTable => value is JsonObject table && table.All(row => row.Value is JsonArray { Count: > 0 } && IsTexts(row.Value)),
            _ => false,
        };
        return fits ? null : $"{Name}: {(value is null ? "a missing value" : $"'{Format(value)}'")} is not {Legal}.{ReasonAgainst(value)}";
    }

    /// <summary>The legal values in words: "a whole number from 1 to 64".</summary>
    public string Legal => Kind switch
    {
        OptionKind.Toggle => "true or false",
        OptionKind.Integer => $"a whole number{Range}",
        OptionKind.Number => $"a number{Range}",
        OptionKind.Choice => "one of " + string.Join(", ", Choices),
        OptionKind.IntegerList => $"a list of whole numbers{Range}, separated by commas",
        OptionKind.NumberList => $"a list of numbers{Range}, separated by commas",
        OptionKind.TextList => "a list of texts, separated by commas",
        OptionKind.TextTable => "texts by name, as in: train=railway, track; boat=sea",
        _ => IsPath ? "a path" : "a text",
    };

    /// <summary>Why a value that people expect is not among the choices; empty for all others.</summary>
    private string ReasonAgainst(JsonNode? value) =>
        _property.PropertyType.GetCustomAttributes<RefusedChoiceAttribute>()
            .FirstOrDefault(refused => refused.Value.Equals(Format(value), StringComparison.OrdinalIgnoreCase)) is { } known
            ? $" {known.Reason}"
            : "";

    private string Range
    {
        get
        {
            var above = _attribute.MinExclusive ? $" above {Min}" : $" from {Min}";
            return (double.IsFinite(Min), double.IsFinite(Max)) switch
            {
                (true, true) => _attribute.MinExclusive ? $"{above}, at most {Max}" : $"{above} to {Max}",
                (true, false) => _attribute.MinExclusive ? above : $" of at least {Min}",
                (false, true) => $" of at most {Max}",
                _ => "",
            };
        }
    }

    private static bool IsNumber(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number;

    private static double NumberOf(JsonNode value) => JsonSerializer.Deserialize<double>(value, RunJson.Line);

    private static bool IsWhole(JsonNode? value) =>
        NumberOf(value!) is var number && number == Math.Floor(number) && Math.Abs(number) < long.MaxValue;

    private bool InRange(JsonNode? value)
    {
        var number = NumberOf(value!);
        return double.IsFinite(number) && number <= Max && (_attribute.MinExclusive ? number > Min : number >= Min);
    }

    private static bool IsTexts(JsonNode? value) => value is JsonArray list && list.All(item => item?.GetValueKind() == JsonValueKind.String);

    private static JsonArray Texts(string text) => new([.. Split(text).Select(item => (JsonNode)JsonValue.Create(item))]);

    private static string[] Split(string text, char separator = ',') =>
        text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("[A-Z][^A-Z]*")]
    private static partial Regex Words();

    private static JsonNode? ToJson(object? value) => JsonSerializer.SerializeToNode(value, RunJson.Line);

    private static OptionKind KindOf(Type type) => type switch
    {
        _ when type == typeof(bool) => OptionKind.Toggle,
        _ when type == typeof(int) || type == typeof(long) => OptionKind.Integer,
        _ when type == typeof(double) => OptionKind.Number,
        _ when type == typeof(string) => OptionKind.Text,
        _ when type.IsEnum => OptionKind.Choice,
        _ when typeof(IEnumerable<string>).IsAssignableFrom(type) => OptionKind.TextList,
        _ when typeof(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>>).IsAssignableFrom(type) => OptionKind.TextTable,
        _ when typeof(IEnumerable<int>).IsAssignableFrom(type) => OptionKind.IntegerList,
        _ when typeof(IEnumerable<double>).IsAssignableFrom(type) => OptionKind.NumberList,
        _ => throw new InvalidOperationException($"An option cannot be of type {type}."),
    };
}
