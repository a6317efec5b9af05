using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Sweeps;

/// <summary>An option and what a sweep tries of it: values ("cbsWeight=4,16,64") or a range ("regWeight=20..100:log/5").</summary>
/// <param name="Option">The option's name; in a pipeline behind its stage's: "clims.epochs".</param>
/// <param name="Values">Empty where there is a range.</param>
public sealed partial record SweepAxis(string Option, IReadOnlyList<JsonNode> Values, SweepRange? Range)
{
    /// <summary>Numbers that a grid takes of a range that does not say how many.</summary>
    public const int UsualSteps = 3;

    private const int MostSteps = 1000;

    /// <summary>How it is typed, for messages and forms.</summary>
    public const string Form = "OPTION=VALUE,VALUE,... or OPTION=LOW..HIGH, LOW..HIGH:log, LOW..HIGH/STEPS";

    /// <summary>All values that a grid takes.</summary>
    public IReadOnlyList<JsonNode> Grid() => Range?.Grid() ?? Values;

    /// <summary>The value at a share of the way.</summary>
    /// <param name="share">0..1, 1 excluded.</param>
    public JsonNode At(double share) => Range?.At(share) ?? Values[(int)(share * Values.Count)];

    /// <summary>Reads an axis as typed. Values that contain commas themselves are separated by bars: "scales=1|0.5,1".</summary>
    /// <param name="find">The option of a name as typed, and the name as it is written; null, having said why, where there is none.</param>
    /// <param name="failures">Takes what is wrong.</param>
    public static SweepAxis? Parse(string typed, Func<string, ICollection<OptionFailure>, (string Name, OptionField Field)?> find,
        ICollection<OptionFailure> failures)
    {
        var parts = typed.Split('=', 2);
        var name = parts[0].Trim();
        if (parts.Length < 2 || parts[1].Trim().Length == 0)
        {
            failures.Add(new("axis", $"axis: '{typed}' is not of the form {Form}."));
            return null;
        }
        var unknown = new List<OptionFailure>();
        if (find(name, unknown) is not var (option, field))
        {
            foreach (var failure in unknown)
                failures.Add(new("axis", $"axis: {failure.Message}"));
            return null;
        }
        var range = RangeForm().Match(parts[1]);
        return range.Success && field.Kind is OptionKind.Integer or OptionKind.Number
            ? ReadRange(option, field, range, failures)
            : ReadValues(option, field, parts[1], failures);
    }

    private static SweepAxis? ReadValues(string option, OptionField field, string text, ICollection<OptionFailure> failures)
    {
        var (values, before) = (new List<JsonNode>(), failures.Count);
        foreach (var item in text.Split(text.Contains('|') ? '|' : ',', StringSplitOptions.TrimEntries))
            if (!field.TryParse(item, out var value, out var error))
                failures.Add(new("axis", $"axis: {error}"));
            else if (values.Any(known => JsonNode.DeepEquals(known, value)))
                failures.Add(new("axis", $"axis: {option} has the value {item} twice."));
            else
                values.Add(value!);
        return failures.Count == before ? new(option, values, null) : null;
    }

    private static SweepAxis? ReadRange(string option, OptionField field, Match typed, ICollection<OptionFailure> failures)
    {
        var (ends, before) = (new List<double>(), failures.Count);
        foreach (var end in (string[])["low", "high"])
            if (field.TryParse(typed.Groups[end].Value, out var value, out var error))
                ends.Add(double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture));
            else
                failures.Add(new("axis", $"axis: {error}"));
        if (failures.Count > before)
            return null;
        var (logarithmic, steps) = (typed.Groups["log"].Success, typed.Groups["steps"] is { Success: true } group ? group.Value : $"{UsualSteps}");
        if (ends[0] >= ends[1])
            failures.Add(new("axis", $"axis: {option} goes from {ends[0]} to {ends[1]}. Name the smaller number first."));
        else if (logarithmic && ends[0] <= 0)
            failures.Add(new("axis", $"axis: {option} begins at {ends[0]}, which has no logarithm. Begin above 0, or leave out :log."));
        else if (!int.TryParse(steps, out var count) || count is < 1 or > MostSteps)
            failures.Add(new("axis", $"axis: {option} has {steps} steps. Choose 1 to {MostSteps}."));
        else
            return new(option, [], new(ends[0], ends[1], logarithmic, field.Kind == OptionKind.Integer, count));
        return null;
    }

    [GeneratedRegex(@"^\s*(?<low>[^,|]+?)\.\.(?<high>[^,|:/]+?)(?<log>:log)?(/(?<steps>\d+))?\s*$")]
    private static partial Regex RangeForm();
}
