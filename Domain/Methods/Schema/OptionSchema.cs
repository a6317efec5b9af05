using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Methods.Schema;

/// <summary>The options of a method as data: made once from the record, used by form, command line, API and spec.</summary>
public sealed class OptionSchema
{
    private readonly Type _type;

    private OptionSchema(Type type)
    {
        _type = type;
        var defaults = Activator.CreateInstance(type)!;
        Fields = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => new OptionField(property, property.GetValue(defaults)))];
    }

    public static OptionSchema Of(Type optionsType) => new(optionsType);

    /// <summary>In the order of the record.</summary>
    public IReadOnlyList<OptionField> Fields { get; }

    public JsonObject Write(MethodOptions options) =>
        new([.. Fields.Select(field => KeyValuePair.Create(field.Name, field.Read(options)))]);

    /// <summary>Sets single options, as typed, over given values.</summary>
    /// <param name="values">Changed in place.</param>
    /// <param name="assignments"><c>name=value</c>.</param>
    public IReadOnlyList<OptionFailure> Assign(JsonObject values, IEnumerable<string> assignments)
    {
        var failures = new List<OptionFailure>();
        foreach (var assignment in assignments)
        {
            var parts = assignment.Split('=', 2);
            var name = parts[0].Trim();
            var field = Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (parts.Length < 2)
                failures.Add(new(name, $"'{assignment}' is not of the form name=value."));
            else if (field is null)
                failures.Add(Unknown(name));
            else if (field.TryParse(parts[1], out var value, out var error))
                values[field.Name] = value;
            else
                failures.Add(new(field.Name, error!));
        }
        return failures;
    }

    /// <summary>Checks values and, when there is no failure, makes the options record of them. Missing values are defaults.</summary>
    /// <returns>All failures, not the first.</returns>
    public IReadOnlyList<OptionFailure> Read(JsonObject values, out MethodOptions? options)
    {
        options = null;
        var failures = new List<OptionFailure>();
        var complete = new JsonObject();
        foreach (var (name, _) in values)
            if (!Fields.Any(field => field.Name == name))
                failures.Add(Unknown(name));
        foreach (var field in Fields)
        {
            var value = values.TryGetPropertyValue(field.Name, out var given) ? given : field.Default;
            complete[field.Name] = value?.DeepClone();
            if (field.Check(value) is { } error)
                failures.Add(new(field.Name, error));
        }
        if (failures.Count > 0)
            return failures;
        var read = (MethodOptions)complete.Deserialize(_type, RunJson.Line)!;
        failures.AddRange(read.Validate());
        if (failures.Count == 0)
            options = read;
        return failures;
    }

    /// <summary>The field of a name, in upper or lower case; null, with a failure that lists those there are, where there is none.</summary>
    public OptionField? Find(string name, ICollection<OptionFailure> failures)
    {
        var field = Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (field is null)
            failures.Add(Unknown(name));
        return field;
    }

    private OptionFailure Unknown(string name)
    {
        var near = Fields.OrderBy(field => Spelling.Distance(field.Name, name)).First();
        var hint = Spelling.Distance(near.Name, name) <= 3 ? $" Did you mean {near.Name}?" : "";
        return new(name, $"There is no option '{name}'.{hint} Known options: {string.Join(", ", Fields.Select(field => field.Name))}.");
    }
}
