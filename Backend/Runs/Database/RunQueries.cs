using System.Linq.Expressions;
using Dashboard.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace Dashboard.Backend.Runs.Database;

/// <summary>What the store asks the index about runs.</summary>
public static class RunQueries
{
    /// <summary>Of one statement, in any build of SQLite.</summary>
    private const int MostParameters = 500;

    private const int MostDurations = 5;

    /// <summary>One piece of a list, with what all pieces together hold. Sorted and cut in SQLite.</summary>
    /// <param name="folded">Groups that take one row.</param>
    public static RunPage Page(this RunIndex index, RunFilter filter, DateTimeOffset now, int offset, int limit,
        IReadOnlyCollection<string> folded) => index.Use(context =>
    {
        var passing = Filtered(context.Runs.AsNoTracking(), filter).Folded(filter.Grouping, folded);
        var states = context.Runs.GroupBy(run =>
            run.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionary(group => group.Key, group => group.Count);
        var tags = context.Tags.GroupBy(tag => tag.Tag).Select(group => new { group.Key, Count = group.Count() })
            .OrderByDescending(group => group.Count).ThenBy(group => group.Key).Select(group => group.Key).ToList();
        var total = filter.IsEmpty && folded.Count == 0 ? states.Values.Sum() : passing.Count();
        // Only the rows of the page are read whole: sorting would carry all of them along.
        var ids = Sorted(context, passing, filter, now.UtcTicks).Select(run => run.Id).Skip(offset).Take(limit).ToList();
        var rows = context.Runs.AsNoTracking().Where(run =>
            ids.Contains(run.Id)).Select(run => new { run.Id, run.Summary }).ToDictionary(run => run.Id, run => run.Summary);
        return new RunPage(Read(ids.Select(id => rows[id])), total, states, tags);
    });

    public static RunSummary? Find(this RunIndex index, string id) =>
        index.Use(context => Read(context.Runs.Where(run => run.Id == id).Select(run => run.Summary))).SingleOrDefault();

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<RunSummary> All(this RunIndex index) => index.Use(context => Newest(context.Runs));

    /// <inheritdoc cref="All"/>
    public static IReadOnlyList<RunSummary> OfMethod(this RunIndex index, string method) =>
        index.Use(context => Newest(context.Runs.Where(run => run.Method == method)));

    /// <inheritdoc cref="All"/>
    public static IReadOnlyList<RunSummary> InGroup(this RunIndex index, string group) =>
        index.Use(context => Newest(context.Runs.Where(run => run.Group == group)));

    /// <inheritdoc cref="All"/>
    public static IReadOnlyList<RunSummary> StartingFrom(this RunIndex index, string id) =>
        index.Use(context => Newest(context.Runs.Where(run => run.Inputs.Any(input => input.InputId == id))));

    /// <inheritdoc cref="All"/>
    public static IReadOnlyList<RunSummary> WithKeys(this RunIndex index, IReadOnlyCollection<string> keys) => index.Use(context =>
        keys.Chunk(MostParameters)
            .SelectMany(some => Newest(context.Runs.Where(run => some.Contains(run.Key!))))
            .OrderByDescending(run => run.Spec.Created)
            .ToList());

    /// <inheritdoc cref="All"/>
    public static IReadOnlyList<RunSummary> WithoutKey(this RunIndex index, string method) =>
        index.Use(context => Newest(context.Runs.Where(run => run.Key == null && run.Method == method)));

    /// <summary>Seconds of the last few finished runs of a method and preset on the same data, on a GPU or not.</summary>
    public static IReadOnlyList<double> DurationsLike(this RunIndex index, RunSpec spec) => index.Use(context => context.Runs
        .Where(run => run.Method == spec.Method && run.Preset == spec.Preset && run.Dataset == spec.Dataset)
        .Where(run => run.Device.StartsWith(DeviceRequest.AnyGpu) == DeviceRequest.IsGpu(spec.Device))
        .Where(run => run.State == RunState.Finished && run.Started != null && run.Ended != null)
        .OrderByDescending(run => run.Ended).Take(MostDurations).Select(run => run.Ended!.Value - run.Started!.Value)
        .AsEnumerable().Select(ticks => TimeSpan.FromTicks(ticks).TotalSeconds).ToList());

    public static IReadOnlyList<string> Metrics(this RunIndex index, string id) =>
        index.Use(context => context.Runs.Where(run => run.Id == id).Select(run => run.Metrics).SingleOrDefault()) is { } json
            ? IndexedRows.TryMetrics(json) ?? []
            : [];

    /// <summary>How far the index stands, run by run.</summary>
    public static IReadOnlyList<(string Id, RunState State, RunStamp Stamp)> Stamps(this RunIndex index) =>
        index.Use(context => context.Runs.AsNoTracking()
        .Select(run => new { run.Id, run.State, run.LogLength, run.HasTicket, run.Written, run.Labelled }).AsEnumerable()
        .Select(run => (run.Id, run.State, new RunStamp(run.LogLength, run.HasTicket, run.Written, run.Labelled))).ToList());

    private static List<RunSummary> Newest(IQueryable<IndexedRun> runs) =>
        Read(runs.OrderByDescending(run => run.Created).ThenByDescending(run => run.Id).Select(run => run.Summary));

    /// <summary>Rows were held against what can be read when the index was opened; one that somebody has changed since is left out.</summary>
    private static List<RunSummary> Read(IEnumerable<string> summaries) => [.. summaries.Select(IndexedRows.TrySummary).OfType<RunSummary>()];

    private static IQueryable<IndexedRun> Filtered(IQueryable<IndexedRun> runs, RunFilter filter)
    {
        if (filter.State is { } state)
            runs = runs.Where(run => run.State == state);
        if (filter.Method is { } method)
            runs = runs.Where(run => run.Method == method);
        if (filter.Tag is { } tag)
            runs = runs.Where(run => run.Tags.Any(own => own.Tag == tag));
        if (filter.Starred)
            runs = runs.Where(run => run.Starred);
        foreach (var word in filter.Text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries))
            runs = runs.Where(run => run.SearchText.Contains(word));
        return runs;
    }

    private static IQueryable<IndexedRun> Sorted(RunIndexContext context, IQueryable<IndexedRun> runs, RunFilter filter, long now)
    {
        var grouped = Grouped(context, runs, filter);
        var sorted = filter.Sort switch
        {
            RunSort.Name => ThenBy(grouped, filter.Ascending, run => run.Title),
            RunSort.State => ThenBy(grouped, filter.Ascending, run => run.State),
            RunSort.Method => ThenBy(grouped, filter.Ascending, run => run.Method),
            RunSort.Dataset => ThenBy(grouped, filter.Ascending, run => run.Dataset),
            RunSort.Miou => ThenBy(grouped.ThenBy(run => run.Miou == null), filter.Ascending, run => run.Miou),
            RunSort.Duration => ThenBy(grouped.ThenBy(run => run.Started == null), filter.Ascending, run => (run.Ended ?? now) - run.Started),
            RunSort.Ended => ThenBy(grouped.ThenBy(run => run.Ended == null), filter.Ascending, run => run.Ended),
            _ => ThenBy(grouped, filter.Ascending, run => run.Began),
        };
        return sorted.ThenByDescending(run => run.Created).ThenBy(run => run.Id);
    }

    /// <summary>The group of the newest run first, or last; a run of no group is one by itself.</summary>
    private static IOrderedQueryable<IndexedRun> Grouped(RunIndexContext context, IQueryable<IndexedRun> runs, RunFilter filter)
    {
        var turned = filter is { Sort: RunSort.Started, Ascending: true };
        return filter.Grouping switch
        {
            RunGrouping.Launch => By(runs, turned, run => run.Group == null
                ? run.Began
                : context.Runs.Where(other => other.Group == run.Group).Max(other => other.Began)).ThenBy(run => run.Group),
            RunGrouping.Method => runs.OrderBy(run => run.Method),
            RunGrouping.Seeds => By(runs, turned, run => context.Runs.Where(other => other.Recipe == run.Recipe).Max(other => other.Began))
                .ThenBy(run => run.Recipe),
            // A constant: the order that follows decides.
            _ => runs.OrderBy(run => 0),
        };
    }

    private static IOrderedQueryable<IndexedRun> By<TKey>(IQueryable<IndexedRun> runs, bool ascending, Expression<Func<IndexedRun, TKey>> key) =>
        ascending ? runs.OrderBy(key) : runs.OrderByDescending(key);

    private static IOrderedQueryable<IndexedRun> ThenBy<TKey>(IOrderedQueryable<IndexedRun> runs, bool ascending,
        Expression<Func<IndexedRun, TKey>> key) =>
        ascending ? runs.ThenBy(key) : runs.ThenByDescending(key);
}
