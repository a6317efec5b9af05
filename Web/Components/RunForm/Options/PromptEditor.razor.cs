using Dashboard.Backend.Datasets;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Web.Access;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.RunForm.Options;

/// <summary>One row a class of the chosen data set. Where the data set's classes cannot be known, rows are free.</summary>
public sealed partial class PromptEditor
{
    private readonly List<string> _added = [];
    private string? _dataset;
    private IReadOnlyList<string>? _classes;
    private string? _shown;

    [Parameter, EditorRequired] public required LaunchForm Form { get; set; }

    /// <summary>The usual editor of a single option.</summary>
    [Parameter, EditorRequired] public required RenderFragment<OptionField> Editor { get; set; }

    [Parameter, EditorRequired] public required Func<string, string?> FailureOf { get; set; }

    /// <summary>An option, its text, and whether the person has left the field.</summary>
    [Parameter] public EventCallback<(OptionField Option, string Text, bool IsFinal)> OnEnter { get; set; }

    [Inject] private DatasetCatalog Catalog { get; set; } = null!;
    [Inject] private AllowedRoots Roots { get; set; } = null!;

    private OptionField WordsOption => Option(nameof(ClimsOptions.ClassWords));
    private OptionField OwnOption => Option(nameof(ClimsOptions.ClassBackgrounds));
    private TypedTable Words => TypedTable.Parse(Form[WordsOption]);
    private TypedTable Own => TypedTable.Parse(Form[OwnOption]);
    private IReadOnlyList<string> Shared =>
        Form[Option(nameof(ClimsOptions.Backgrounds))].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    private double? Threshold => double.TryParse(Form[Option(nameof(ClimsOptions.CbsThreshold))], out var threshold) ? threshold : null;

    private string? Shown => _shown is not null && Rows.Contains(_shown) ? _shown : Rows.FirstOrDefault();

    /// <summary>The data set's classes, then what else stands in the options: it came with the preset or the address.</summary>
    private IEnumerable<string> Rows => (_classes ?? []).Concat(Words.Names).Concat(Own.Names).Concat(_added).Distinct();

    private string Hint => _classes is null
        ? "The classes of this data set are not known here: name those that need words or backgrounds. Commas separate several."
        : "Without words, a class is called by its name. Commas separate several.";

    protected override async Task OnParametersSetAsync()
    {
        if (_dataset == Form.Dataset)
            return;
        var asked = _dataset = Form.Dataset;
        var classes = await Task.Run(() => ClassesOf(asked.Trim()));
        // Another one may have been chosen meanwhile.
        if (asked == _dataset)
            _classes = classes;
    }

    private IReadOnlyList<string>? ClassesOf(string dataset)
    {
        if (dataset == "" || (Path.IsPathRooted(dataset) && Roots.Refuse(dataset) is not null))
            return null;
        try
        {
            return Catalog.Classes(dataset).Names;
        }
        catch (DatasetException)
        {
            // The data set's own field says what is wrong with it.
            return null;
        }
    }

    private OptionField Option(string property) =>
        Form.Method.Schema.Fields.Single(field => field.Name.Equals(property, StringComparison.OrdinalIgnoreCase));

    private bool IsForeign(string name) => _classes?.Contains(name) == false;

    private bool IsChanged(string name) => IsChanged(WordsOption, name) || IsChanged(OwnOption, name);

    private bool IsChanged(OptionField option, string name) =>
        !TypedTable.Parse(Form[option]).Words(name).SequenceEqual(TypedTable.Parse(Form.Reference(option)).Words(name));

    private string Was(string name) => "Was: " + string.Join(
        "; ",
        new[] { WordsOption, OwnOption }.Where(option => IsChanged(option, name))
            .Select(option =>
            $"{option.Label.ToLowerInvariant()} {(TypedTable.Parse(Form.Reference(option))[name] is { Length: > 0 } words ? words : "none")}"));

    private IEnumerable<string> Sentences(string name) => Sentences(Words.Words(name) is { Count: > 0 } words ? words : [name]);

    private IReadOnlyList<string> BackgroundSentences(string name) =>
        [.. Sentences(Shared.Concat(Own.Words(name)).Distinct())];

    private IEnumerable<string> Sentences(IEnumerable<string> words) =>
        words.Select(word => Form[Option(nameof(ClimsOptions.PromptTemplate))].Replace("{}", word, StringComparison.Ordinal));

    private Task EnterAsync(OptionField option, TypedTable table, bool isFinal) => OnEnter.InvokeAsync((option, table.ToString(), isFinal));

    private async Task ResetAsync(string name)
    {
        foreach (var option in new[] { WordsOption, OwnOption }.Where(option => IsChanged(option, name)))
            await EnterAsync(option, TypedTable.Parse(Form[option]).With(name, TypedTable.Parse(Form.Reference(option))[name]), true);
    }

    private void AddAsync(ChangeEventArgs e)
    {
        if (Text(e).Trim() is not { Length: > 0 } name)
            return;
        _added.Add(name);
        _shown = name;
    }

    private static string Text(ChangeEventArgs e) => e.Value?.ToString() ?? "";
}
