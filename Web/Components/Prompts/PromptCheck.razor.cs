using System.Text.Json;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Prompts;

/// <summary>
/// Asks a CLIP about a run's prompts and shows the answer as a heat table. Place it beside the prompt editor; the parameters are the values of
/// <see cref="Domain.Methods.Seeds.ClimsOptions"/> as they stand in the form, and the data set's classes. It checks only when told to; what changes
/// afterwards marks the table as old.
/// </summary>
public sealed partial class PromptCheck : IDisposable
{
    private CancellationTokenSource? _work;
    private PromptCheckReport? _report;
    private string? _failure;

    /// <summary>What the report answers.</summary>
    private string _asked = "";

    /// <summary>A model's name, or its path: <c>ClimsOptions.Clip</c>. Empty: nothing can be checked yet.</summary>
    [Parameter, EditorRequired] public required string Model { get; set; }

    /// <summary><c>ClimsOptions.PromptTemplate</c>.</summary>
    [Parameter, EditorRequired] public required string Template { get; set; }

    /// <summary>Names of the data set's classes, without the background. Empty: nothing can be checked yet.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<string> Classes { get; set; }

    /// <summary><c>ClimsOptions.ClassWords</c>: classes that are not in it are called by their name.</summary>
    [Parameter] public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassWords { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary><c>ClimsOptions.Backgrounds</c>.</summary>
    [Parameter] public IReadOnlyList<string> Backgrounds { get; set; } = [];

    /// <summary><c>ClimsOptions.ClassBackgrounds</c>.</summary>
    [Parameter] public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassBackgrounds { get; set; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary><c>ClimsOptions.CbsThreshold</c>: cells above it are marked; null or -1 marks none.</summary>
    [Parameter] public double? Threshold { get; set; }

    [Inject] private InferenceClient Inference { get; set; } = null!;
    [Inject] private AllowedRoots Roots { get; set; } = null!;

    private string? Missing =>
        Model == "" ? "Choose a CLIP first."
        : Classes.Count == 0 ? "Choose a data set first: its classes are not known."
        : !Template.Contains("{}", StringComparison.Ordinal) ? "The template needs {} where the word is to stand."
        : null;

    /// <summary>Equal for equal questions: the lists in the request are compared by value.</summary>
    private string Key => JsonSerializer.Serialize(Request, RunJson.Line);

    private PromptCheckRequest Request => new(
        Model,
        Template,
        [.. Classes.Select(name => new PromptClass(name, ClassWords.TryGetValue(name, out var words) && words.Count > 0 ? words : [name]))],
        Backgrounds,
        ClassBackgrounds.Where(own => Classes.Contains(own.Key)).ToDictionary());

    /// <summary>A path must lie where pages may name paths; a name is the catalogue's business.</summary>
    private string? Refused() => ModelCatalog.IsPath(Model) ? Roots.Refuse(Model) : null;

    private async Task CheckAsync()
    {
        if (_work is not null)
            return;
        using var work = new CancellationTokenSource();
        (_work, _failure) = (work, null);
        var asked = Key;
        try
        {
            if (await Task.Run(Refused) is { } refused)
                throw new ModelException($"clip: {refused}");
            _report = await Inference.AskAsync(Request, work.Token);
            _asked = asked;
        }
        catch (Exception error) when (error is InferenceException or ModelException)
        {
            (_report, _failure) = (null, error.Message);
        }
        catch (OperationCanceledException)
        {
            // Stopped by the person, or the page was left.
        }
        finally
        {
            _work = null;
        }
    }

    public void Dispose() => _work?.Cancel();
}
