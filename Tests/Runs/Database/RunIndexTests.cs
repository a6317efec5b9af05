using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Microsoft.Data.Sqlite;
using Dashboard.Web.Board;
using Ranking = Dashboard.Web.Board.Leaderboard;

namespace Dashboard.Tests.Runs.Database;

public sealed class RunIndexTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("DROP TABLE Runs")]
    [InlineData("DROP TABLE Evaluations")]
    [InlineData("PRAGMA application_id = 7")]
    [InlineData("PRAGMA user_version = 3")]
    [InlineData("UPDATE Runs SET Summary = '{\"spec\":'")]
    [InlineData("UPDATE Runs SET Summary = '{}'")]
    [InlineData("UPDATE Runs SET Metrics = '7'")]
    [InlineData("UPDATE Runs SET State = 'finished'")]
    [InlineData("UPDATE Evaluations SET Event = 'no JSON'")]
    [InlineData("ALTER TABLE Runs RENAME COLUMN Summary TO Text")]
    public void Index_ThatIsNotOurs_IsMadeAnew(string change)
    {
        FinishedRuns.Write(_data.Data, "a", miou: 0.3);
        FinishedRuns.Write(_data.Data, "b", miou: 0.5, day: 1);
        using (_data.OpenStore())
        {
        }
        Change(change);

        AssertBoth();
        AssertBoth();
    }

    [Fact]
    public void Index_OfAnotherProgram_IsMadeAnew()
    {
        FinishedRuns.Write(_data.Data, "a", miou: 0.3);
        FinishedRuns.Write(_data.Data, "b", miou: 0.5, day: 1);
        Change("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('Blue in Green')");

        AssertBoth();
    }

    [Fact]
    public void Index_ThatIsAFolder_IsKeptInMemory()
    {
        FinishedRuns.Write(_data.Data, "a", miou: 0.3);
        FinishedRuns.Write(_data.Data, "b", miou: 0.5, day: 1);
        Directory.CreateDirectory(_data.Data.Index);

        AssertBoth();
    }

    [Fact]
    public void Index_LockedByAnotherProgram_HoldsNothingUpAndTheNextStartKnowsAll()
    {
        FinishedRuns.Write(_data.Data, "a", miou: 0.3);
        using (var store = _data.OpenStore())
        using (Lock())
        {
            FinishedRuns.Write(_data.Data, "b", miou: 0.5, day: 1);
            store.Refresh("b");
            Assert.Equal(["b", "a"], store.Page(new RunFilter(), 0, 10).Runs.Select(run => run.Spec.Id));
            Assert.Equal(["b", "a"], Leading(store));
        }

        AssertBoth();
    }

    [Fact]
    public void Index_LockedWhenTheDashboardStarts_HoldsNothingUp()
    {
        FinishedRuns.Write(_data.Data, "a", miou: 0.3);
        using (_data.OpenStore())
        {
        }
        FinishedRuns.Write(_data.Data, "b", miou: 0.5, day: 1);
        using (Lock())
            AssertBoth();
    }

    [Fact]
    public void Page_EveryOrder_IsThatOfTheRuns()
    {
        for (var i = 0; i < 25; i++)
            FinishedRuns.Write(_data.Data, $"run-{i:00}", miou: (i * 7 % 25) / 100.0, day: i, name: i % 3 == 0 ? null : $"sweep {i * 11 % 25:00}",
                dataset: i % 2 == 0 ? "empty" : "/data/other", group: i < 5 ? "first" : null);
        File.Delete(_data.Data.Run("run-24").Spec);
        using var store = _data.OpenStore();
        var all = store.Runs;

        AssertOrder(RunSort.Started, run => run.Started ?? run.Spec.Created);
        AssertOrder(RunSort.Name, run => run.Spec.Title);
        AssertOrder(RunSort.Miou, run => run.Miou);
        AssertOrder(RunSort.Dataset, run => run.Spec.Dataset);
        AssertOrder(RunSort.State, run => run.State);
        AssertOrder(RunSort.Duration, run => run.Ended - run.Started);
        Assert.Equal(24, store.Page(new RunFilter(State: RunState.Finished), 0, 5).Total);
        Assert.Equal(25, store.Page(new RunFilter(State: RunState.Finished), 0, 5).All);
        Assert.Equal(all.Where(run => run.Spec.Dataset.Contains("other")).Select(run => run.Spec.Id),
            store.Page(new RunFilter("OTHER cam"), 0, 100).Runs.Select(run => run.Spec.Id));
        Assert.Equal(5, store.InGroup("first").Count);

        void AssertOrder<T>(RunSort sort, Func<RunSummary, T> key)
        {
            foreach (var ascending in new[] { true, false })
            {
                var known = all.OrderBy(run => key(run) is null);
                var sorted = ascending ? known.ThenBy(key, Ordinal<T>()) : known.ThenByDescending(key, Ordinal<T>());
                var expected = sorted.ThenByDescending(run =>
                    run.Spec.Created).ThenBy(run => run.Spec.Id, StringComparer.Ordinal).Select(run => run.Spec.Id).ToList();
                var filter = new RunFilter(Sort: sort, Ascending: ascending);
                Assert.Equal(expected, Enumerable.Range(0, 4).SelectMany(page => store.Page(filter, 7 * page, 7).Runs).Select(run => run.Spec.Id));
            }
        }
    }

    [Fact]
    public void Leading_ManyRuns_GivesTheBestOfEachProtocol()
    {
        for (var i = 0; i < 12; i++)
        {
            var folder = FinishedRuns.Write(_data.Data, $"run-{i:00}", day: i);
            FinishedRuns.WriteLog(folder, DateTimeOffset.UnixEpoch,
                FinishedRuns.Evaluated(i / 100.0, cat: (12 - i) / 100.0), FinishedRuns.Evaluated((i + 1) / 100.0, cat: 0),
                FinishedRuns.Evaluated(0.5 - i / 100.0, protocol: FinishedRuns.Protocol with { Crf = true }, cat: null),
                FinishedRuns.Evaluated(0.1, "all background"), new RunFinished(1));
        }
        using var store = _data.OpenStore();

        var best = store.Leading(3, null, null);
        Assert.Equal([12, 12], best.Runs.Values);
        Assert.Equal(["run-09", "run-10", "run-11"], Of(best, crf: false));
        Assert.Equal(["run-00", "run-01", "run-02"], Of(best, crf: true));
        Assert.Single(best.Entries, entry => entry.Evaluation.Reference);
        Assert.Equal([0.10, 0.11, 0.12], best.Entries.Where(entry =>
            entry.Evaluation is { Reference: false, Protocol.Crf: false }).Select(entry => entry.Evaluation.Miou).Order());
        Assert.Equal(["run-00", "run-01", "run-02"], Of(store.Leading(3, FinishedRuns.Protocol.Key, "cat"), crf: false));
        Assert.Equal(12, Of(store.Leading(null, FinishedRuns.Protocol.Key, null), crf: false).Count);
    }

    [Fact]
    public void Leading_TwoRunsOfOneKey_AreOneEntryThatCountsBoth()
    {
        foreach (var (id, key) in new[] { ("first", "k"), ("again", "k"), ("other", "o") })
        {
            var folder = FinishedRuns.Write(_data.Data, id, day: id == "again" ? 1 : 0);
            var spec = folder.ReadSpec() with { Key = key };
            File.Delete(folder.Spec);
            RunFolder.Create(folder.Path, spec);
        }
        using var store = _data.OpenStore();

        var leading = store.Leading(null, null, null);

        Assert.Equal(["again", "other"], Of(leading, crf: false));
        Assert.Equal([2], leading.Runs.Values);
        Assert.Equal(2, leading.Twins["again"]);
        var rows = Ranking.Build(leading.Entries, [], twins: leading.Twins).Single().Rows;
        Assert.Equal([("again", 2), ("other", 1)], rows.Where(row => row.Rank is not null).Select(row => (row.Run!.Spec.Id, row.Runs)).Order());
    }

    /// <summary>Seeds of a run that starts from others start from the others' seeds.</summary>
    [Fact]
    public void Board_RunsThatDifferInTheirSeed_ShareAPlaceByTheirMean()
    {
        foreach (var (day, epochs) in new[] { (0, 1), (1, 1), (2, 7) })
        {
            FinishedRuns.Write(_data.Data, $"base-{day}", 0.1, day, epochs: epochs);
            FinishedRuns.Write(_data.Data, $"next-{day}", 0.4 + 0.1 * day, day, input: $"base-{day}", epochs: 3);
        }
        FinishedRuns.Write(_data.Data, "lone", 0.44, day: 9, epochs: 5);
        using var store = _data.OpenStore();

        var board = store.Board(FinishedRuns.Protocol.Key, null, 0, 10);

        Assert.Equal(5, board.Places.Values.Single());
        Assert.Equal(board.Recipes["base-0"], board.Recipes["base-1"]);
        Assert.Equal(board.Recipes["next-0"], board.Recipes["next-1"]);
        Assert.NotEqual(board.Recipes["next-0"], board.Recipes["next-2"]);
        Assert.Equal(("cam", 0.6, 7), (board.Methods.Single().Method, Math.Round(board.Methods.Single().Miou, 9), board.Methods.Single().Runs));
        var places = BoardPlace.Of(Ranking.Build(board.Leading.Entries, []).Single(), board).Where(place => place.IsRun);
        Assert.Equal([(1, 0.6, 1), (2, 0.45, 2), (3, 0.44, 1), (4, 0.1, 2), (4, 0.1, 1)],
            places.Select(place => (place.Rank!.Value, Math.Round(place.Figures.Miou, 6), place.Figures.Seeds)));

        // The next place after the first: all of its runs, and no others.
        var second = store.Board(FinishedRuns.Protocol.Key, null, 1, 1).Leading.Entries.Where(entry => !entry.Evaluation.Reference);
        Assert.Equal(["next-0", "next-1"], second.Select(entry => entry.Run.Spec.Id).Order());
    }

    [Fact]
    public void StartingFrom_NamesTheRunsThatNeedAnother()
    {
        FinishedRuns.Write(_data.Data, "base");
        FinishedRuns.Write(_data.Data, "next", day: 1, input: "base");
        FinishedRuns.Write(_data.Data, "other", day: 2);
        using var store = _data.OpenStore();
        using var queue = _data.OpenQueue(store);

        Assert.Equal(["next"], store.StartingFrom("base").Select(run => run.Spec.Id));
        Assert.Contains("next", Assert.Throws<InvalidRunException>(() => queue.Delete("base")).Message);
        queue.Delete("next");
        queue.Delete("base");
        Assert.Equal(["other"], store.Page(new RunFilter(), 0, 10).Runs.Select(run => run.Spec.Id));
    }

    [Fact]
    public async Task Store_ManyIdleRuns_SeesTheOneThatIsResumed()
    {
        for (var i = 0; i < 300; i++)
            FinishedRuns.Write(_data.Data, $"run-{i:000}", day: i);
        var folder = _data.Create("failed", "throws");
        await _data.RunWorker(folder);
        using (_data.OpenStore())
        {
        }
        using var store = _data.OpenStore();
        Assert.Equal(RunState.Failed, store.Find("failed")!.State);

        await _data.RunWorker(folder);

        var written = EventLogReader.ReadAll(folder.Events).Count;
        await TemporaryData.Until(() => store.Find("failed")!.LastSeq == written, "the second failure to be seen");
    }

    [Fact]
    public async Task Store_Idle_ThrowsNothing()
    {
        var mine = new AsyncLocal<bool>();
        var thrown = new List<Exception>();
        void Note(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs first)
        {
            // Threads inherit it from whoever starts them: other tests' stores are not counted.
            if (mine.Value)
                lock (thrown)
                    thrown.Add(first.Exception);
        }
        FinishedRuns.Write(_data.Data, "finished");
        FinishedRuns.Write(_data.Data, "damaged");
        File.WriteAllText(_data.Data.Run("damaged").Spec, "{");
        var interrupted = FinishedRuns.Write(_data.Data, "interrupted");
        File.WriteAllLines(interrupted.Events, File.ReadAllLines(interrupted.Events)[..3]);
        using (_data.OpenStore())
        {
        }
        mine.Value = true;
        using var store = _data.OpenStore();
        using var queue = _data.OpenQueue(store);
        mine.Value = false;
        AppDomain.CurrentDomain.FirstChanceException += Note;
        try
        {
            foreach (var id in new[] { "one", "two", "three" })
            {
                FinishedRuns.Write(_data.Data, id);
                await TemporaryData.Until(() => store.Find(id) is not null, "another look at the folders");
            }
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Note;
        }

        Assert.Empty(thrown);
    }

    [Fact]
    public async Task Store_DataFolderGone_SaysSoAndComesBackWithIt()
    {
        FinishedRuns.Write(_data.Data, "run");
        using var store = _data.OpenStore();
        using var queue = _data.OpenQueue(store);
        var away = _data.Data.Path + "-away";

        Directory.Move(_data.Data.Path, away);
        try
        {
            await TemporaryData.Until(() => store.Problem is not null, "the loss to be seen");
            Assert.Contains(_data.Data.Path, store.Problem);
            Assert.Contains("is gone", Assert.Throws<InvalidRunException>(() => queue.Submit(TemporaryData.Request())).Message);
            Assert.False(Directory.Exists(_data.Data.Path));
        }
        finally
        {
            Directory.Move(away, _data.Data.Path);
        }
        await TemporaryData.Until(() => store.Problem is null && store.Find("run")?.State == RunState.Finished, "the runs to come back");
    }

    private static IComparer<T> Ordinal<T>() => typeof(T) == typeof(string) ? (IComparer<T>)(object)StringComparer.Ordinal : Comparer<T>.Default;

    private static IReadOnlyList<string> Of(LeadingEvaluations leading, bool crf) =>
        [.. leading.Entries.Where(entry => !entry.Evaluation.Reference && entry.Evaluation.Protocol.Crf == crf)
            .Select(entry => entry.Run.Spec.Id)
            .Order()];

    private static IReadOnlyList<string> Leading(RunStore store) =>
        [.. store.Leading(10, null, null).Entries.Where(entry => !entry.Evaluation.Reference)
            .OrderByDescending(entry => entry.Evaluation.Miou)
            .Select(entry => entry.Run.Spec.Id)];

    private void AssertBoth()
    {
        using var store = _data.OpenStore();
        Assert.Equal(["b", "a"], store.Page(new RunFilter(), 0, 10).Runs.Select(run => run.Spec.Id));
        Assert.Equal(["b", "a"], Leading(store));
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_data.Data.Index};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>As another program does that keeps the file to itself.</summary>
    private SqliteConnection Lock()
    {
        var connection = new SqliteConnection($"Data Source={_data.Data.Index};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}
