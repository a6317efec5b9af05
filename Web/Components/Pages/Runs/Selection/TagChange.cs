namespace Dashboard.Web.Components.Pages.Runs.Selection;

/// <summary>What <see cref="TagDialog"/> was told.</summary>
public sealed record TagChange(IReadOnlyList<string> Added, IReadOnlyList<string> Removed);
