using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Launch;

/// <summary>What a person has typed on the launch form, and what follows from it: failures, resolved options, request, command line.</summary>
public sealed class LaunchForm
{
    private readonly Dictionary<string, string> _texts;
    private readonly Dictionary<string, string> _reference;
    private readonly Dictionary<string, string> _preset;

    /// <param name="preset">Null: the method's first.</param>
    /// <param name="parent">The run whose options the form opens with, and against which changes are marked; null for the preset.</param>
    public LaunchForm(MethodDescriptor method, MethodPreset? preset, RunSpec? parent = null)
    {
        Method = method;
        Preset = preset;
        Parent = parent;
        _preset = Texts(preset is null ? [] : method.Schema.Write(preset.Options));
        _reference = parent is null ? _preset : Texts(parent.Options);
        _texts = new(_reference);
        Dataset = parent?.Dataset ?? "";
        Seed = parent?.Seed.ToString() ?? "0";
        Device = parent?.Device ?? "cpu";
        Profile = parent?.Profile ?? false;
        Inputs = new(parent?.Inputs ?? new Dictionary<string, string>());
    }

    public MethodDescriptor Method { get; }
    public MethodPreset? Preset { get; }
    public RunSpec? Parent { get; }

    /// <summary>A name, or an absolute folder.</summary>
    public string Dataset { get; set; }

    /// <summary>One or several, as <see cref="SeedList"/> reads them: each is a run of its own.</summary>
    public string Seed { get; set; }

    public string Device { get; set; }
    public string Name { get; set; } = "";

    /// <summary>Whether the time of the first training steps is taken apart.</summary>
    public bool Profile { get; set; }

    /// <summary>Runs to start from, role to run; a role that is missing is left to the queue.</summary>
    public Dictionary<string, string> Inputs { get; }

    /// <summary>True where an option is given that stands for the run.</summary>
    public bool IsReplaced(MethodInput input) => input.ReplacedBy is { } option && !string.IsNullOrWhiteSpace(_texts.GetValueOrDefault(option));

    /// <summary>The option as typed.</summary>
    public string this[OptionField field]
    {
        get => _texts[field.Name];
        set => _texts[field.Name] = value;
    }

    /// <summary>The value that the option had before anything was typed.</summary>
    public string Reference(OptionField field) => _reference[field.Name];

    public bool IsChanged(OptionField field) => !IsSame(field, _texts[field.Name], _reference[field.Name]);

    public void Reset(OptionField field) => _texts[field.Name] = _reference[field.Name];

    /// <summary>What differs from what the form was opened with, as typed: "batchSize=8".</summary>
    public string[] Changes => [.. Method.Schema.Fields.Where(IsChanged).Select(option => $"{option.Name}={this[option]}")];

    /// <summary>Options that differ from the preset's, as <c>--set</c> wants them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Assignments =>
        Method.Schema.Fields.Where(option => !IsSame(option, _texts[option.Name], _preset[option.Name]))
            .Select(option => KeyValuePair.Create(option.Name, Normal(option, _texts[option.Name])));

    /// <summary>Everything that keeps the form from being launched, each naming its field.</summary>
    public IReadOnlyList<OptionFailure> Validate()
    {
        var failures = new List<OptionFailure>();
        if (string.IsNullOrWhiteSpace(Dataset))
            failures.Add(new("dataset", "dataset: choose one, or give the path of a folder."));
        SeedList.Read(Seed, out var seedError);
        if (seedError is not null)
            failures.Add(new("seed", seedError));
        if (string.IsNullOrWhiteSpace(Device))
            failures.Add(new("device", "device: give cpu, cuda (the first GPU that is free) or cuda:N."));
        var values = Resolve(failures);
        // Rules across options only make sense of values that are sound one by one.
        if (!failures.Any(failure => values.ContainsKey(failure.Option)))
            failures.AddRange(Method.Schema.Read(values, out _));
        return failures;
    }

    /// <summary>All options as they will stand in <c>spec.json</c>; what cannot be read stays as typed.</summary>
    public JsonObject Resolved => Resolve([]);

    /// <summary>Empty where they cannot be read.</summary>
    public IReadOnlyList<long> Seeds => SeedList.Read(Seed, out _);

    /// <summary>That of the first seed. Call it only when <see cref="Validate"/> finds nothing.</summary>
    public RunRequest Request
    {
        get
        {
            var resolved = Resolved;
            return new RunRequest(
                Method.Name,
                Dataset.Trim(),
                Preset?.Name,
                new JsonObject(Assignments.Select(pair => KeyValuePair.Create(pair.Key, resolved[pair.Key]?.DeepClone()))),
                Seeds[0],
                Device.Trim(),
                string.IsNullOrWhiteSpace(Name) ? null : Name.Trim(),
                Inputs.Count == 0 ? null : Inputs,
                Profile: Profile);
        }
    }

    /// <summary>One for every seed; of several, all bear the group. As <see cref="Request"/>.</summary>
    public IReadOnlyList<RunRequest> Requests(string group) =>
        Seeds is [_] ? [Request] : [.. Seeds.Select(seed => Request with { Seed = seed, Group = group })];

    /// <summary>The same run from a terminal: only what differs from the defaults.</summary>
    public string CommandLine
    {
        get
        {
            List<string> words = ["./run", "train", Method.Name, "--dataset", string.IsNullOrWhiteSpace(Dataset) ? "DATASET" : Dataset.Trim()];
            if (Preset is not null)
                words.AddRange(["--preset", Preset.Name]);
            if (Seeds.Count < 2 && Seed.Trim() != "0")
                words.AddRange(["--seed", Seed.Trim()]);
            if (Device.Trim() != "cpu")
                words.AddRange(["--device", Device.Trim()]);
            if (!string.IsNullOrWhiteSpace(Name))
                words.AddRange(["--name", Name.Trim()]);
            if (Profile)
                words.Add("--profile");
            foreach (var (role, run) in Inputs)
                words.AddRange(["--input", $"{role}={run}"]);
            foreach (var (name, value) in Assignments)
                words.AddRange(["--set", $"{name}={value}"]);
            var command = string.Join(' ', words.Select(ForShell));
            return Seeds.Count < 2 ? command : $"for seed in {string.Join(' ', Seeds)}; do {command} --seed $seed; done";
        }
    }

    private JsonObject Resolve(List<OptionFailure> failures)
    {
        var values = new JsonObject();
        foreach (var field in Method.Schema.Fields)
        {
            var isSound = field.TryParse(_texts[field.Name], out var value, out var error);
            if (!isSound)
                failures.Add(new(field.Name, error!));
            values[field.Name] = isSound ? value : JsonValue.Create(_texts[field.Name]);
        }
        return values;
    }

    private Dictionary<string, string> Texts(JsonObject values) =>
        Method.Schema.Fields.ToDictionary(field => field.Name,
            field => OptionField.Format(values.TryGetPropertyValue(field.Name, out var value) ? value : field.Default));

    /// <summary>"0.10" and "0.1" are the same value; so are a table's rows in another order.</summary>
    private static bool IsSame(OptionField field, string text, string other) =>
        field.TryParse(text, out var value, out _) && field.TryParse(other, out var otherValue, out _)
            ? JsonNode.DeepEquals(value, otherValue)
            : text == other;

    private static string Normal(OptionField field, string text) => field.TryParse(text, out var value, out _) ? OptionField.Format(value) : text;

    /// <summary>A word as a shell takes it.</summary>
    internal static string ForShell(string word) =>
        word != "" && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=,:+@%".Contains(c)) ? word : $"'{word.Replace("'", "'\\''")}'";
}
