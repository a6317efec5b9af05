using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs;

/// <summary>Names, tags, stars and notes: in the run folder, and findable.</summary>
public sealed class RunLabelsTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Label_OfARun_IsFoundByNameTagStarAndNotes_AlsoAfterAReindex()
    {
        FinishedRuns.Write(_data.Data, "first", name: "as launched");
        FinishedRuns.Write(_data.Data, "second", day: 1);
        using (var store = _data.OpenStore())
        {
            store.Label("first", _ => new() { Name = " Best so far ", Tags = ["paper", "Paper", " lr test "], Starred = true,
                Notes = "lower *threshold*" });
            Check(store);
            // What other runs know it by is the name that it has now.
            Assert.Equal("Best so far", store.Find("first")!.Spec.Title);
        }
        Assert.Equal(2, RunStore.Reindex(_data.Data, TimeProvider.System));
        using var again = _data.OpenStore();
        Check(again);
        Assert.Equal("as launched", _data.Data.Run("first").ReadSpec().Name);

        again.Label("first", _ => RunLabels.None);
        Assert.Equal("as launched", again.Find("first")!.Spec.Title);
        Assert.False(File.Exists(RunLabelsFile.PathIn(_data.Data.Run("first"))));

        static void Check(RunStore store)
        {
            foreach (var filter in new RunFilter[] { new("BEST"), new("lr"), new("threshold"), new(Tag: "paper"), new(Tag: "lr test"),
                new(Starred: true) })
                Assert.Equal(["first"], store.Page(filter, 0, 10).Runs.Select(run => run.Spec.Id));
            var page = store.Page(new RunFilter(), 0, 10);
            Assert.Equal(["lr test", "paper"], page.Tags);
            Assert.Equal(["paper", "lr test"], page.Runs.Single(run => run.Spec.Id == "first").Labels.Tags);
        }
    }

    [Fact]
    public async Task Label_ByAnotherProgram_IsSeen()
    {
        var folder = FinishedRuns.Write(_data.Data, "run");
        using var store = _data.OpenStore();
        Assert.Empty(store.Find("run")!.Labels.Tags);

        RunLabelsFile.Change(folder, labels => labels with { Tags = ["elsewhere"] });
        await TemporaryData.Until(() => store.Find("run")!.Labels.Tags is ["elsewhere"], "the tag");
        RunLabelsFile.Change(folder, labels => labels with { Starred = true });
        await TemporaryData.Until(() => store.Find("run")!.Labels is { Starred: true, Tags: ["elsewhere"] }, "the star");
    }

    [Fact]
    public void Labels_ThatCannotBeRead_DamageNoRunAndAreNotOverwritten()
    {
        var folder = FinishedRuns.Write(_data.Data, "run", name: "sound");
        File.WriteAllText(RunLabelsFile.PathIn(folder), "{\"name\": \"half");
        using var store = _data.OpenStore();

        Assert.Equal((RunState.Finished, "sound"), (store.Find("run")!.State, store.Find("run")!.Spec.Title));
        var refused = Assert.Throws<InvalidRunException>(() => store.Label("run", labels => labels with { Starred = true }));
        Assert.Contains("labels.json cannot be read", refused.Message);
        Assert.Contains("half", File.ReadAllText(RunLabelsFile.PathIn(folder)));
    }

    [Fact]
    public async Task Label_ManyAtOnce_LosesNone()
    {
        var folder = FinishedRuns.Write(_data.Data, "run");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            RunLabelsFile.Change(folder, labels => labels with { Tags = [.. labels.Tags, $"tag {i}"] }))));

        Assert.Equal(8, RunLabelsFile.Read(folder).Tags.Count);
    }

    public static TheoryData<RunLabels, string> Broken => new()
    {
        { new() { Name = new string('n', 201) }, "name: it has 201 characters" },
        { new() { Name = "two\nlines" }, "name: it has a line break" },
        { new() { Notes = new string('n', 20_001) }, "notes: they have 20001 characters" },
        { new() { Tags = [new string('t', 41)] }, "has 41 characters; at most 40" },
        { new() { Tags = ["a,b"] }, "comma" },
        { new() { Tags = [.. Enumerable.Range(0, 21).Select(i => $"{i}")] }, "a run may have 20, not 21" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Change_BeyondALimit_IsRefused(RunLabels labels, string reason)
    {
        var folder = FinishedRuns.Write(_data.Data, "run");

        Assert.Contains(reason, Assert.Throws<InvalidRunException>(() => RunLabelsFile.Change(folder, _ => labels)).Message);
        Assert.Equal(RunLabels.None, RunLabelsFile.Read(folder));
    }

    [Fact]
    public void Page_Grouped_HasTheGroupOfTheNewestRunFirst()
    {
        FinishedRuns.Write(_data.Data, "a1", day: 1, group: "a");
        FinishedRuns.Write(_data.Data, "b1", day: 2, group: "b");
        FinishedRuns.Write(_data.Data, "alone", day: 3);
        FinishedRuns.Write(_data.Data, "a2", day: 4, group: "a", dataset: "other");
        using var store = _data.OpenStore();

        Assert.Equal(["a2", "a1", "alone", "b1"], Ids(RunGrouping.Launch));
        // Of one recipe but for the seed, which is the day.
        Assert.Equal(["a2", "alone", "b1", "a1"], Ids(RunGrouping.Seeds));
        Assert.Equal(["b1", "alone", "a1", "a2"], Ids(RunGrouping.Launch, ascending: true));
        Assert.Equal(2, store.Groups(RunGrouping.Launch, ["a", "b"])["a"].Runs);
        Assert.Equal(3, store.Groups(RunGrouping.Seeds, [store.Find("a1")!.Recipe]).Values.Single().Runs);

        IEnumerable<string> Ids(RunGrouping grouping, bool ascending = false) =>
            store.Page(new RunFilter(Grouping: grouping, Ascending: ascending), 0, 10).Runs.Select(run => run.Spec.Id);
    }

    /// <summary>Of those that pass the filter one stands for the group, and takes one place of the page.</summary>
    [Fact]
    public void Page_WithFoldedGroups_HasOneRowForEach()
    {
        FinishedRuns.Write(_data.Data, "a1", day: 1, group: "a");
        FinishedRuns.Write(_data.Data, "a2", day: 2, group: "a");
        FinishedRuns.Write(_data.Data, "alone", day: 3);
        FinishedRuns.Write(_data.Data, "b1", day: 4, group: "b");
        using var store = _data.OpenStore();

        Assert.Equal("b1 alone a2, 3 rows", Rows(new RunFilter(Grouping: RunGrouping.Launch), "a", "gone"));
        Assert.Equal("a1, 1 rows", Rows(new RunFilter("a1", Grouping: RunGrouping.Launch), "a"));
        Assert.Equal("b1, 1 rows", Rows(new RunFilter(Grouping: RunGrouping.Method), "cam"));
        Assert.Equal("b1 alone a2 a1, 4 rows", Rows(new RunFilter(), "a"));
        Assert.Equal("alone", Assert.Single(store.Page(new RunFilter(Grouping: RunGrouping.Launch), 1, 1, ["a"]).Runs).Spec.Id);

        string Rows(RunFilter filter, params string[] folded)
        {
            var page = store.Page(filter, 0, 10, folded);
            return $"{string.Join(' ', page.Runs.Select(run => run.Spec.Id))}, {page.Total} rows";
        }
    }

    [Fact]
    public void Groups_HaveAMeanOfOneProtocolAlone()
    {
        FinishedRuns.Write(_data.Data, "a1", miou: 0.2, group: "a");
        FinishedRuns.Write(_data.Data, "a2", miou: 0.4, group: "a");
        FinishedRuns.Write(_data.Data, "b1", miou: 0.2, group: "b");
        var other = FinishedRuns.Write(_data.Data, "b2", group: "b");
        FinishedRuns.WriteLog(other, DateTimeOffset.UnixEpoch, new RunStarted(1, "here", "cpu", "test"),
            FinishedRuns.Evaluated(0.4, protocol: FinishedRuns.Protocol with { Crf = true }), new RunFailed("out of luck"));
        using var store = _data.OpenStore();

        var groups = store.Groups(RunGrouping.Launch, ["a", "b", "none"]);

        Assert.Equal(["a", "b"], groups.Keys.Order());
        Assert.Equal(new GroupScores(2, 0.3, 0.2, 0.4), groups["a"].Scores! with { Mean = Math.Round(groups["a"].Scores!.Mean, 9) });
        Assert.Null(groups["b"].Scores);
        Assert.Equal((1, 1), (groups["b"].States[RunState.Finished], groups["b"].States[RunState.Failed]));
    }

    /// <summary>The mean over seeds is one of the same chain of settings.</summary>
    [Fact]
    public void Recipe_OfRunsThatStartFromOthers_HasTheirSettings()
    {
        FinishedRuns.Write(_data.Data, "cam-0", day: 0);
        FinishedRuns.Write(_data.Data, "cam-1", day: 1);
        FinishedRuns.Write(_data.Data, "other", day: 2, dataset: "other");
        FinishedRuns.Write(_data.Data, "clims-0", day: 3, method: "clims", input: "cam-0");
        FinishedRuns.Write(_data.Data, "clims-1", day: 4, method: "clims", input: "cam-1");
        FinishedRuns.Write(_data.Data, "clims-2", day: 5, method: "clims", input: "other");
        FinishedRuns.Write(_data.Data, "clims-3", day: 6, method: "clims", input: "itself");
        using var store = _data.OpenStore();

        Assert.Equal(store.Find("clims-0")!.Recipe, store.Find("clims-1")!.Recipe);
        Assert.Equal(3, new[] { "clims-0", "clims-2", "clims-3" }.Select(id => store.Find(id)!.Recipe).Distinct().Count());
    }
}
