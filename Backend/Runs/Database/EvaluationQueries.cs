using System.Data.Common;
using Dashboard.Domain.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Dashboard.Backend.Runs.Database;

/// <summary>What the store asks the index about evaluations.</summary>
public static partial class EvaluationQueries
{
    /// <summary>Trivial answers of one row that a ranking shows at most: every seed draws other ones.</summary>
    private const int References = 3;

    /// <summary>Of one run, in the order in which they were made.</summary>
    public static IReadOnlyList<RunEvaluated> EvaluationsOf(this RunIndex index, string id) => index.Use(context => context.Evaluations.AsNoTracking()
        .Where(evaluation => evaluation.RunId == id).OrderBy(evaluation => evaluation.Seq).AsEnumerable()
        .Select(evaluation => IndexedRows.TryEvaluation(evaluation.Event, evaluation.Sweep)).OfType<RunEvaluated>().ToList());

    /// <summary>All there are, newest run first.</summary>
    public static IReadOnlyList<(string Run, RunEvaluated Evaluation)> Evaluations(this RunIndex index) => index.Use(context =>
        (from evaluation in context.Evaluations.AsNoTracking()
         join run in context.Runs on evaluation.RunId equals run.Id
         orderby run.Created descending, run.Id descending, evaluation.Seq
         select evaluation).AsEnumerable().Select(Read).OfType<(string, RunEvaluated)>().ToList());

    /// <summary>
    /// What a ranking shows: of each protocol the best runs, each by its best evaluation and of one key once, and the trivial answers. Ranked and cut
    /// in SQLite. Without sweeps.
    /// </summary>
    /// <param name="top">Runs of a protocol; null for all.</param>
    /// <param name="protocol">Null for all.</param>
    /// <param name="className">Ranks by this class's IoU instead of the mIoU.</param>
    public static LeadingEvaluations Leading(this RunIndex index, int? top, string? protocol, string? className) => index.Use(context =>
    {
        var best = context.Evaluations.FromSqlRaw(BestBy(className is null ? "Miou" : OfClass), Named("top", top ?? int.MaxValue),
            Named("protocol", protocol), Named("class", className));
        return Leading(context, best.AsNoTracking(), top is null ? int.MaxValue : References, protocol);
    });

    private static LeadingEvaluations Leading(RunIndexContext context, IEnumerable<IndexedEvaluation> best, int references, string? protocol)
    {
        var trivial = context.Evaluations.FromSqlRaw(Trivial, Named("references", references), Named("protocol", protocol));
        var evaluations = best.Concat(trivial.AsNoTracking()).Select(Read).OfType<(string Run, RunEvaluated Evaluation)>().ToList();
        var ids = evaluations.Select(entry => entry.Run).Distinct().ToList();
        var summaries = ids.Chunk(MostParameters)
            .SelectMany(some => context.Runs.AsNoTracking().Where(run => some.Contains(run.Id)).Select(run => run.Summary).ToList())
            .Select(IndexedRows.TrySummary).OfType<RunSummary>().ToDictionary(run => run.Spec.Id);
        var counts = context.Evaluations.Where(row => !row.Reference)
            .Join(context.Runs, row => row.RunId, run => run.Id,
                (row, run) => new { row.Protocol, Result = run.State == RunState.Finished ? run.Key ?? run.Id : run.Id }).Distinct()
            .GroupBy(row => row.Protocol)
                .Select(group => new { group.Key, Count = group.Count() })
                .ToDictionary(group => group.Key, group => group.Count);
        return new LeadingEvaluations([.. evaluations.Where(entry => summaries.ContainsKey(entry.Run))
            .Select(entry => (summaries[entry.Run], entry.Evaluation))], counts) { Twins = Twins(context, summaries) };
    }

    private static DbParameter Named(string name, object? value) => new SqliteParameter(name, value ?? DBNull.Value);

    private static Dictionary<string, int> Twins(RunIndexContext context, IReadOnlyDictionary<string, RunSummary> shown)
    {
        var keys = shown.Values.Where(run => run.State == RunState.Finished).Select(run => run.Spec.Key).OfType<string>().Distinct();
        var counts = keys.Chunk(MostParameters).SelectMany(some =>
            context.Runs.Where(run => run.State == RunState.Finished && some.Contains(run.Key!)).GroupBy(run => run.Key!)
            .Select(group => new { group.Key, Count = group.Count() }).Where(group => group.Count > 1).ToList())
                .ToDictionary(group => group.Key, group => group.Count);
        return shown.Values.Where(run => run.State == RunState.Finished && run.Spec.Key is { } key && counts.ContainsKey(key))
            .ToDictionary(run => run.Spec.Id, run => counts[run.Spec.Key!]);
    }

    /// <summary>Of one statement, in any build of SQLite.</summary>
    private const int MostParameters = 500;

    /// <summary>The IoU of the class that is asked for; null where it occurs nowhere.</summary>
    private const string OfClass =
        "(SELECT json_extract(Event, '$.perClass[' || class.key || ']') FROM json_each(Event, '$.classNames') AS class WHERE class.value = @class "
        + "LIMIT 1)";

    private const string Trivial = """
        WITH distinct_values AS (
            SELECT evaluation.RunId, Seq, Protocol, Row, Created,
                   ROW_NUMBER() OVER (PARTITION BY Protocol, Row, evaluation.Miou ORDER BY Created, evaluation.RunId) AS Turn
            FROM Evaluations AS evaluation JOIN Runs ON Runs.Id = evaluation.RunId
            WHERE Reference AND (@protocol IS NULL OR Protocol = @protocol)),
        oldest AS (
            SELECT RunId, Seq, ROW_NUMBER() OVER (PARTITION BY Protocol, Row ORDER BY Created, RunId) AS Place
            FROM distinct_values WHERE Turn = 1)
        SELECT RunId, Seq, Row, Reference, Protocol, Miou, Event, NULL AS Sweep FROM Evaluations JOIN oldest USING (RunId, Seq) WHERE Place <= @references
        """;

    private static string BestBy(string score) => $"""
        {ResultsBy(score)},
        ranked AS (
            SELECT RunId, Seq, ROW_NUMBER() OVER (PARTITION BY Protocol ORDER BY Score DESC, RunId) AS Place FROM of_results WHERE Twin = 1)
        SELECT RunId, Seq, Row, Reference, Protocol, Miou, Event, NULL AS Sweep FROM Evaluations JOIN ranked USING (RunId, Seq) WHERE Place <= @top
        """;

    /// <summary>Every run by its best evaluation under each protocol; of those of one key the first has the number 1.</summary>
    /// <param name="score">An expression over the columns of an evaluation; SQLite sorts null behind all numbers.</param>
    private static string ResultsBy(string score) => $"""
        WITH scored AS (
            SELECT RunId, Seq, Protocol, {score} AS Score
            FROM Evaluations WHERE NOT Reference AND (@protocol IS NULL OR Protocol = @protocol)),
        of_runs AS (
            SELECT *, ROW_NUMBER() OVER (PARTITION BY Protocol, RunId ORDER BY Score DESC, Seq) AS Turn FROM scored),
        of_results AS (
            SELECT of_runs.*, ROW_NUMBER() OVER (
                PARTITION BY Protocol, CASE WHEN State = {(int)RunState.Finished} THEN COALESCE(Key, RunId) ELSE RunId END ORDER BY Score DESC, Created DESC, RunId) AS Twin
            FROM of_runs JOIN Runs ON Runs.Id = RunId WHERE Turn = 1)
        """;

    private static (string Run, RunEvaluated Evaluation)? Read(IndexedEvaluation row) =>
        IndexedRows.TryEvaluation(row.Event, row.Sweep) is { } evaluated ? (row.RunId, evaluated) : null;
}
