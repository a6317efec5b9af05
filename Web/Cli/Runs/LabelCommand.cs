using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Runs;

/// <summary><c>dashboard label</c>: names, tags, star and notes of a run; without an option it shows them.</summary>
internal static class LabelCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The run's identifier, the beginning of it, or its folder." };
        var name = new Option<string>("--name") { Description = "What to call it; \"\" goes back to the automatic title.", HelpName = "TEXT" };
        var tag = new Option<string[]>("--tag") { Description = "Adds a tag; may be given several times.", HelpName = "TAG" };
        var untag = new Option<string[]>("--untag") { Description = "Takes a tag away; may be given several times.", HelpName = "TAG" };
        var star = new Option<bool?>("--star") { Description = "Gives it a star, or takes it away (--star false).", HelpName = "true|false" };
        var notes = new Option<string>("--notes") { Description = "Markdown.", HelpName = "TEXT" };
        var notesFrom = new Option<FileInfo>("--notes-from") { Description = "The same, from a file.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Prints them as one JSON object." };
        var command = new Command("label", "Names a run, tags it, stars it or notes something about it.")
        {
            run, name, tag, untag, star, notes, notesFrom, json,
        };
        command.SetAction((parsed, _) =>
        {
            var folder = new CommandContext(parsed).Find(parsed.GetValue(run)!);
            var labels = RunLabelsFile.Change(folder, before => before with
            {
                Name = parsed.GetValue(name) ?? before.Name,
                Tags = [.. before.Tags.Concat(parsed.GetValue(tag) ?? []).Where(known => !Has(parsed.GetValue(untag), known))],
                Starred = parsed.GetResult(star) is null ? before.Starred : parsed.GetValue(star) ?? true,
                Notes = parsed.GetValue(notes) ?? (parsed.GetValue(notesFrom) is { } file ? File.ReadAllText(file.FullName) : before.Notes),
            });
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(labels, RunJson.Line) : Describe(folder, labels));
            return Task.FromResult(DashboardCommand.Done);
        });
        return command;
    }

    private static bool Has(string[]? tags, string tag) => tags?.Contains(tag, StringComparer.OrdinalIgnoreCase) == true;

    private static string Describe(RunFolder folder, RunLabels labels)
    {
        var spec = folder.ReadSpec();
        var title = (labels.Name is { } name ? spec with { Name = name } : spec).Title;
        return string.Join('\n', new[]
        {
            $"{folder.Id}: {title}{(labels.Starred ? " *" : "")}",
            labels.Tags.Count > 0 ? $"Tags: {string.Join(", ", labels.Tags)}" : null,
            labels.Notes,
        }.OfType<string>());
    }
}
