using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Database;

/// <summary>Groups of a list of runs, counted and folded in SQLite.</summary>
public static class GroupQueries
{
    /// <summary>What each of these groups is in all.</summary>
    /// <param name="keys">As <see cref="RunSummary.GroupKey"/> gives them.</param>
    public static IReadOnlyDictionary<string, GroupTotals> Groups(this RunIndex index, RunGrouping grouping, IReadOnlyCollection<string> keys) =>
        index.Use(context => Members(context.Runs, grouping, keys)
            .GroupBy(member => new { member.Key, member.Run.State, member.Run.MainProtocol })
            .Select(part => new
            {
                part.Key.Key, part.Key.State, part.Key.MainProtocol, Runs = part.Count(), Measured = part.Count(member => member.Run.Miou != null),
                Sum = part.Sum(member => member.Run.Miou), Least = part.Min(member => member.Run.Miou), Most = part.Max(member => member.Run.Miou),
            })
            .AsEnumerable()
            .GroupBy(part => part.Key)
            .ToDictionary(
                parts => parts.Key,
                parts =>
                {
                    var measured = parts.Where(part => part.Measured > 0).ToList();
                    var count = measured.Sum(part => part.Measured);
                    return new GroupTotals(
                        parts.GroupBy(part => part.State).ToDictionary(state => state.Key, state => state.Sum(part => part.Runs)),
                        measured.Select(part => part.MainProtocol).Distinct().Count() != 1
                            ? null
                            : new GroupScores(count, measured.Sum(part => part.Sum!.Value) / count, measured.Min(part => part.Least!.Value),
                                measured.Max(part => part.Most!.Value)));
                }));

    /// <summary>Of each of these groups one run, which stands for the others.</summary>
    internal static IQueryable<IndexedRun> Folded(this IQueryable<IndexedRun> runs, RunGrouping grouping, IReadOnlyCollection<string> keys)
    {
        if (keys.Count == 0 || grouping == RunGrouping.None)
            return runs;
        var folded = Members(runs, grouping, keys);
        var standing = folded.GroupBy(member => member.Key).Select(group => group.Max(member => member.Run.Id));
        return runs.Where(run => !folded.Any(member => member.Run.Id == run.Id) || standing.Contains(run.Id));
    }

    private static IQueryable<GroupMember> Members(IQueryable<IndexedRun> runs, RunGrouping grouping, IReadOnlyCollection<string> keys) =>
        (grouping switch
        {
            RunGrouping.Launch => runs.Where(run => run.Group != null).Select(run => new GroupMember { Key = run.Group!, Run = run }),
            RunGrouping.Method => runs.Select(run => new GroupMember { Key = run.Method, Run = run }),
            _ => runs.Select(run => new GroupMember { Key = run.Recipe, Run = run }),
        }).Where(member => keys.Contains(member.Key));

    private sealed class GroupMember
    {
        public required string Key { get; init; }
        public required IndexedRun Run { get; init; }
    }
}
