using System.Diagnostics;
using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;
using Dashboard.Web.Board;
using Ranking = Dashboard.Web.Board.Leaderboard;

namespace Dashboard.Tests.Runs;

/// <summary>
/// What a bad disk, another program or an editor makes of a run folder: that run is damaged, and says where; all others are as they were.
/// </summary>
public sealed class DamagedRunTests : IDisposable
{
    private readonly TemporaryData _data = new();

    public DamagedRunTests() => FinishedRuns.Write(_data.Data, "good", miou: 0.4);

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("""{"type":"metrics","seq":2,"time":"2026-01-01T00:00:00Z","step":1,"epoch":1}""", "values")]
    [InlineData("""{"type":"metrics","seq":2,"time":"2026-01-01T00:00:00Z","step":1,"epoch":1,"values":null}""", "values")]
    [InlineData("""{"type":"metrics","seq":2,"time":"2026-01-01T00:00:00Z","step":-1,"epoch":1,"values":{"loss":1}}""", "step, -1, is negative")]
    [InlineData("""{"type":"metrics","seq":2,"time":"2026-01-01T00:00:00Z","step":1e40,"epoch":1,"values":{"loss":1}}""", "step")]
    [InlineData("""{"type":"metrics","seq":2,"time":"2026-01-01T00:00:00Z","step":1,"epoch":1,"values":{"loss":"high"}}""", "loss")]
    [InlineData("""{"type":"metrics","seq":2,"time":"0001-01-01T00:00:00Z","step":1,"epoch":1,"values":{"loss":1}}""", "time")]
    [InlineData("""{"type":"metrics","seq":7,"time":"2026-01-01T00:00:00Z","step":1,"epoch":1,"values":{"loss":1}}""", "event 7")]
    [InlineData("""{"type":"evaluated","seq":2,"time":"2026-01-01T00:00:00Z"}""", "miou")]
    [InlineData("""{"type":"snapshot","seq":2,"time":"2026-01-01T00:00:00Z","step":1,"epoch":1,"panels":[null]}""", "panels")]
    [InlineData("""{"type":"nosuch","seq":2,"time":"2026-01-01T00:00:00Z"}""", "nosuch")]
    [InlineData("null", "null")]
    [InlineData("[1]", "line 2")]
    [InlineData("\0\0\0", "line 2")]
    [InlineData("", "line 2")]
    public void Log_LineThatNoRunWrites_DamagesItsRunAlone(string line, string says)
    {
        var folder = FinishedRuns.Write(_data.Data, "bad");
        var lines = File.ReadAllLines(folder.Events);
        File.WriteAllLines(folder.Events, [lines[0], line, .. lines[2..]]);

        var run = Damaged();

        Assert.Contains(folder.Events, run.Message);
        Assert.Contains("line 2", run.Message);
        Assert.Contains(says, run.Message);
        Assert.Contains("Resume", run.Message);
    }

    [Theory]
    [InlineData("miou", "1.5")]
    [InlineData("miou", "-1")]
    [InlineData("miou", "1e308")]
    [InlineData("miou", "null")]
    [InlineData("miou", "\"Infinity\"")]
    [InlineData("perClass", "null")]
    [InlineData("perClass", "[7,0]")]
    [InlineData("perClass", "[0.5]")]
    [InlineData("classNames", "[\"background\",null]")]
    [InlineData("protocol", "null")]
    [InlineData("protocol", "{}")]
    [InlineData("sweep", "[null]")]
    public void Evaluation_ThatCannotBe_DamagesItsRunAlone(string field, string value)
    {
        var folder = FinishedRuns.Write(_data.Data, "bad");
        var lines = File.ReadAllLines(folder.Events);
        var evaluated = JsonNode.Parse(lines[5])!;
        evaluated[field] = JsonNode.Parse(value);
        lines[5] = evaluated.ToJsonString();
        File.WriteAllLines(folder.Events, lines);

        Assert.Contains("line 6", Damaged().Message);
    }

    [Theory]
    [InlineData("inputs", "null")]
    [InlineData("inputs", "{\"baseline\":null}")]
    [InlineData("options", "null")]
    [InlineData("options", "[]")]
    [InlineData("method", "\"\"")]
    [InlineData("method", "null")]
    [InlineData("dataset", "7")]
    [InlineData("seed", "-1")]
    [InlineData("seed", "1e300")]
    [InlineData("created", "\"0001-01-01T00:00:00Z\"")]
    [InlineData("created", "\"yesterday\"")]
    public void Spec_ThatCannotBe_DamagesItsRunAlone(string field, string value)
    {
        var folder = FinishedRuns.Write(_data.Data, "bad");
        new QueueTicket(DateTimeOffset.UtcNow).Write(folder);
        var spec = JsonNode.Parse(File.ReadAllText(folder.Spec))!;
        spec[field] = JsonNode.Parse(value);
        File.WriteAllText(folder.Spec, spec.ToJsonString());

        var run = Damaged();

        Assert.Contains(folder.Spec, run.Message);
        Assert.Contains(field == "created" && value.Contains("0001") ? "creation" : field, run.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"id\":\"bad\",\"meth")]
    [InlineData("null")]
    [InlineData("{\"id\":\"bad\",\"method\":\"cam\",\"options\":{\"a\":1,\"a\":2},\"dataset\":\"empty\",\"seed\":0,\"device\":\"cpu\",\"codeVersion\":\"\",\"created\":\"2026-01-01T00:00:00Z\"}")]
    [InlineData("{\"id\":\"bad\",\"method\":\"cam\",\"options\":{\"a\":\"\\ud800\"},\"dataset\":\"empty\",\"seed\":0,\"device\":\"cpu\",\"codeVersion\":\"\",\"created\":\"2026-01-01T00:00:00Z\"}")]
    public void Spec_TornOrUnreadable_IsListedAsDamaged(string text)
    {
        File.WriteAllText(FinishedRuns.Write(_data.Data, "bad").Spec, text);

        Assert.Contains("spec.json is damaged", Damaged().Message);
    }

    [Fact]
    public void Spec_DeepOptions_AreRefusedBeforeTheyBreakTheIndex()
    {
        var folder = FinishedRuns.Write(_data.Data, "bad");
        var spec = JsonNode.Parse(File.ReadAllText(folder.Spec))!;
        spec["options"] = JsonNode.Parse("{\"a\":" + new string('[', 60) + new string(']', 60) + "}");
        File.WriteAllText(folder.Spec, spec.ToJsonString());

        Assert.Contains("options", Damaged().Message);
    }

    [Fact]
    public void Spec_Gone_IsListedAsDamaged()
    {
        File.Delete(FinishedRuns.Write(_data.Data, "bad").Spec);

        Assert.Contains("spec.json", Damaged().Message);
    }

    [Fact]
    public void Folder_WithoutSpecAndLog_IsNoRunYet()
    {
        Directory.CreateDirectory(_data.Data.Run("made").Path);
        using var store = _data.OpenStore();

        Assert.Equal(["good"], store.Runs.Select(run => run.Spec.Id));
    }

    /// <summary>To open a pipe waits for a writer.</summary>
    [Theory]
    [InlineData("spec.json", true)]
    [InlineData("events.jsonl", true)]
    [InlineData("queued.json", true)]
    [InlineData("worker.1.json", true)]
    [InlineData("spec.json", false)]
    [InlineData("events.jsonl", false)]
    [InlineData("queued.json", false)]
    [InlineData("worker.1.json", false)]
    public void File_ThatIsAPipeOrAFolder_HoldsNothingUp(string name, bool pipe)
    {
        var path = FinishedRuns.Write(_data.Data, "bad").File(name);
        File.Delete(path);
        if (pipe)
            Process.Start("mkfifo", path).WaitForExit();
        else
            Directory.CreateDirectory(path);
        using var store = _data.OpenStore();

        Assert.Equal(["bad", "good"], store.Runs.Select(run => run.Spec.Id).Order());
        Assert.Equal(0.4, store.Find("good")!.Miou);
    }

    [Fact]
    public void Log_LineWithoutEnd_IsNotReadIntoMemory()
    {
        var folder = FinishedRuns.Write(_data.Data, "bad");
        using (var log = new FileStream(folder.Events, FileMode.Create))
            log.SetLength(1L << 32);

        Assert.Contains("longer than", Damaged().Message);
    }

    [Fact]
    public async Task Log_MendedByTheWorkerThatResumes_IsSoundAgainWithoutReindex()
    {
        var folder = _data.Create("bad", "dies", epochs: 2);
        await _data.RunWorker(folder);
        File.AppendAllText(folder.Events, "nonsense\n");
        using var store = _data.OpenStore();
        Assert.Equal(RunState.Damaged, store.Find("bad")!.State);
        // As if the cause of its death were gone.
        File.WriteAllText(folder.Spec, File.ReadAllText(folder.Spec).Replace("\"dies\"", "\"lives\""));

        Assert.Equal(0, await _data.RunWorker(folder));

        await TemporaryData.Until(() => store.Find("bad")!.State == RunState.Finished, "the end to be seen");
        Assert.Equal((0.25, null), (store.Find("bad")!.Miou, store.Find("bad")!.Message?.Contains("damaged") == true ? "damaged" : null));
        Assert.Contains(store.Leading(10, null, null).Entries, entry => entry.Run.Spec.Id == "bad");
    }

    [Fact]
    public async Task Spec_MendedByHand_IsSoundAgain()
    {
        var folder = FinishedRuns.Write(_data.Data, "bad");
        var spec = File.ReadAllText(folder.Spec);
        File.WriteAllText(folder.Spec, spec.Replace('{', '['));
        using var store = _data.OpenStore();
        Assert.Equal(RunState.Damaged, store.Find("bad")!.State);

        File.WriteAllText(folder.Spec, spec);

        await TemporaryData.Until(() => store.Find("bad")!.State == RunState.Finished, "the mended spec to be seen");
    }

    [Fact]
    public void Miou_ThatIsNotANumber_IsFinishedUnrankedAndHoldsNoOtherUp()
    {
        var folder = FinishedRuns.Write(_data.Data, "bad", double.NaN);
        var events = EventLogReader.ReadAll(folder.Events);
        FinishedRuns.WriteLog(folder, events[0].Time,
            events.Select(next => next is RunEvaluated evaluated ? evaluated with { PerClass = [null, double.NaN] } : next));
        foreach (var _ in new[] { "first", "from the index" })
        {
            using var store = _data.OpenStore();

            Assert.Equal((RunState.Finished, null), (store.Find("bad")!.State, store.Find("bad")!.Miou));
            var group = Ranking.Build(store.Leading(10, null, null).Entries, []).Single();
            Assert.Equal([("CAM baseline · empty · seed 0 · good", (int?)1), ("CAM baseline · empty · seed 0 · bad", null)],
                group.Rows.Where(row => row.Kind == RowKind.Run).Select(row => (row.Title, row.Rank)));
            Assert.Equal(["good", "bad"], store.Page(new RunFilter(Sort: RunSort.Miou), 0, 10).Runs.Select(run => run.Spec.Id));
            Assert.Equal(["good", "bad"], store.Page(new RunFilter(Sort: RunSort.Miou, Ascending: true), 0, 10).Runs.Select(run => run.Spec.Id));
        }
    }

    /// <summary>Runs of an older program may have two classes of one name.</summary>
    [Fact]
    public void ClassNames_Twice_AreToldApartInTheExports()
    {
        var folder = FinishedRuns.Write(_data.Data, "bad");
        var events = EventLogReader.ReadAll(folder.Events);
        FinishedRuns.WriteLog(folder, events[0].Time,
            events.Select(next => next is RunEvaluated evaluated ? evaluated with { ClassNames = ["background", "background"] } : next));
        using var store = _data.OpenStore();

        var csv = LeaderboardExport.Csv(Ranking.Build(store.Leading(null, null, null).Entries, PublishedResults.All));

        Assert.Contains("iou background (label 1)", csv);
        Assert.Contains("good", csv);
    }

    /// <summary>
    /// The run named bad, while the other one is untouched: in the store that reads the folders, and in the next one, which reads the index.
    /// </summary>
    private RunSummary Damaged()
    {
        RunSummary? before = null;
        foreach (var _ in new[] { "first", "from the index" })
        {
            using var store = _data.OpenStore();
            using var queue = _data.OpenQueue(store);
            var run = store.Find("bad")!;
            Assert.Equal(RunState.Damaged, run.State);
            Assert.Equal((RunState.Finished, 0.4), (store.Find("good")!.State, store.Find("good")!.Miou));
            Assert.Equal(2, store.Page(new RunFilter(), 0, 10).Total);
            Assert.Contains(store.Leading(10, null, null).Entries, entry => entry.Run.Spec.Id == "good");
            Assert.Equal(before?.Message ?? run.Message, run.Message);
            before = run;
        }
        return before!;
    }
}
