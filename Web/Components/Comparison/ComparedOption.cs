using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;

namespace Dashboard.Web.Components.Comparison;

/// <summary>An option, or what else decides a run's numbers, as each of several runs has it.</summary>
/// <param name="Values">By run; null where its method has no such option.</param>
public sealed record ComparedOption(string Name, string? Description, IReadOnlyList<string?> Values)
{
    /// <summary>What only one method has is no difference: nobody has chosen it.</summary>
    public bool Differs => Values.OfType<string>().Distinct(StringComparer.Ordinal).Count() > 1;

    /// <summary>Method, data, seed and the runs they start from; then all options, in the order of their methods.</summary>
    /// <param name="titleOf">Of a run that another starts from.</param>
    public static IReadOnlyList<ComparedOption> Of(IReadOnlyList<RunSpec> specs, Func<string, string> titleOf)
    {
        ComparedOption Same(string name, Func<RunSpec, string?> value, string? description = null) =>
            new(name, description, [.. specs.Select(value)]);
        var inputs = specs.SelectMany(spec => spec.Inputs.Keys).Distinct().Select(role =>
            Same(role, spec => spec.Inputs.TryGetValue(role, out var run) ? titleOf(run) : "none", "The run that it starts from"));
        var options = specs.SelectMany(spec => spec.Options.Select(option => (option.Key, spec.Method)))
            .DistinctBy(option => option.Key)
            .Select(option => Same(option.Key,
                spec => spec.Options.TryGetPropertyValue(option.Key, out var value) ? Format.Option(value) : null,
                MethodCatalog.Find(option.Method)?.Schema.Fields.FirstOrDefault(field => field.Name == option.Key)?.Description));
        return
        [
            Same("method", spec => MethodCatalog.TitleOf(spec.Method)), Same("data set", spec => spec.Dataset),
            Same("seed", spec => spec.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)), .. inputs,
            Same("preset", spec => spec.Preset ?? "none", "The named values that the options began with"), Same("device", spec => spec.Device),
            Same("code", spec => Format.ShortHash(spec.CodeVersion), "The version of the program"), .. options,
        ];
    }
}
