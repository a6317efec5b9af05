using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Pages.Runs.Columns;
using Microsoft.Extensions.Primitives;

namespace Dashboard.Web.Components.Pages.Runs;

/// <summary>What the address of the page says: which runs, in which order and groups, with which columns, and which of them are selected.</summary>
/// <param name="Number">Of the page of the list, from 1.</param>
/// <param name="Grouping">Null: those that are launched together stand together while the list is sorted by age.</param>
/// <param name="Folded">Keys of the groups that take one row, as <see cref="RunSummary.GroupKey"/> gives them.</param>
public sealed record RunsView(RunFilter Filter, RunGrouping? Grouping, int Number, IReadOnlyList<string> Selected, RunColumns Columns,
    IReadOnlyList<string> Folded)
{
    public const int PageSize = 50;

    /// <summary>That an address holds: of more the last ones.</summary>
    public const int MostFolded = 100;

    public static RunsView Empty { get; } = new(new RunFilter(), null, 1, [], RunColumns.Usual, []);

    public static RunsView Of(ViewAddress address)
    {
        var sort = Enum.TryParse<RunSort>(address["sort"], ignoreCase: true, out var known) ? known : RunSort.Started;
        RunGrouping? grouping = Enum.TryParse<RunGrouping>(address["group"], ignoreCase: true, out var given) ? given : null;
        return new(
            new RunFilter(
                address["q"] ?? "",
                Enum.TryParse<RunState>(address["state"], ignoreCase: true, out var state) ? state : null,
                address["method"],
                sort,
                address["asc"] is not null,
                address["tag"],
                address["starred"] is not null,
                grouping ?? (sort == RunSort.Started ? RunGrouping.Launch : RunGrouping.None)),
            grouping,
            int.TryParse(address["page"], out var number) && number > 0 ? number : 1,
            address["with"]?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [],
            RunColumns.Of(address),
            [.. address.All("fold").Where(key => key != "").Distinct().TakeLast(MostFolded)]);
    }

    public int Offset => (int)Math.Min((Number - 1L) * PageSize, int.MaxValue - PageSize);

    /// <summary>A filter as the address holds it; the list begins at its first page again.</summary>
    public static IReadOnlyList<(string Name, StringValues Values)> Choices(RunFilter filter) =>
    [
        ("page", default),
        ("q", filter.Text == "" ? null : filter.Text),
        ("state", filter.State?.ToString().ToLowerInvariant()),
        ("method", filter.Method),
        ("tag", filter.Tag),
        ("starred", filter.Starred ? "1" : null),
        ("sort", filter.Sort == RunSort.Started ? null : filter.Sort.ToString().ToLowerInvariant()),
        ("asc", filter.Ascending ? "1" : null),
    ];
}
