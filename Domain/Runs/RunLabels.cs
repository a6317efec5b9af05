using System.Text.Json.Serialization;

namespace Dashboard.Domain.Runs;

/// <summary>
/// What people call a run and note about it. Stands in the run folder beside the spec, decides no number, and may be changed at any time.
/// </summary>
public sealed record RunLabels
{
    /// <summary>Characters.</summary>
    public const int LongestName = 200;

    /// <inheritdoc cref="LongestName"/>
    public const int LongestTag = 40;

    /// <inheritdoc cref="LongestName"/>
    public const int LongestNotes = 20_000;

    public const int MostTags = 20;

    public static RunLabels None { get; } = new();

    /// <summary>Null: the name of the spec, or the automatic title.</summary>
    public string? Name { get; init; }

    /// <summary>In the order in which they were given; each once, whatever its case.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool Starred { get; init; }

    /// <summary>Markdown.</summary>
    public string? Notes { get; init; }

    [JsonIgnore]
    public bool AreEmpty => this == None;

    /// <summary>The same without stray spaces, repeated tags and empty texts.</summary>
    public RunLabels Tidy() => this with
    {
        Name = Text(Name),
        Tags = [.. Tags.Select(Text).OfType<string>().DistinctBy(tag => tag, StringComparer.OrdinalIgnoreCase)],
        Notes = string.IsNullOrWhiteSpace(Notes) ? null : Notes.TrimEnd(),
    };

    /// <returns>A sentence that names the field and its limit; null where all is well.</returns>
    public string? Fault() => this switch
    {
        { Name.Length: > LongestName } => $"name: it has {Name.Length} characters; at most {LongestName} are allowed. Shorten it.",
        { Notes.Length: > LongestNotes } => $"notes: they have {Notes.Length} characters; at most {LongestNotes} are allowed. Shorten them.",
        { Tags.Count: > MostTags } => $"tags: a run may have {MostTags}, not {Tags.Count}. Leave some out.",
        _ when Tags.Any(tag => tag is null) => "tags: one of them is null. Leave it out.",
        _ when Tags.FirstOrDefault(tag => tag.Length > LongestTag) is { } tag =>
            $"tags: '{tag[..LongestTag]} ...' has {tag.Length} characters; at most {LongestTag} are allowed. Shorten it.",
        _ when Tags.FirstOrDefault(tag => tag.Any(sign => sign == ',' || char.IsControl(sign))) is { } tag =>
            $"tags: '{tag}' has a comma or a control character in it. Give several tags one by one.",
        _ when Name?.Any(char.IsControl) == true => "name: it has a line break or another control character in it. Give one line.",
        _ => null,
    };

    public bool Equals(RunLabels? other) => other is not null && Name == other.Name && Starred == other.Starred && Notes == other.Notes
        && Tags.SequenceEqual(other.Tags, StringComparer.Ordinal);

    /// <summary>With the tags themselves, not the name of their list's type.</summary>
    public override string ToString() =>
        $"{nameof(RunLabels)} {{ Name = {Name}, Tags = {string.Join(", ", Tags)}, Starred = {Starred}, Notes = {Notes} }}";

    public override int GetHashCode() => HashCode.Combine(Name, Starred, Notes, Tags.Count);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
