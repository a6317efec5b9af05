using System.Text;
using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Web;

namespace Dashboard.Tests.Runs;

/// <summary>Run folders with anything in them: the dashboard starts every time, lists every run, and shows the sound ones as they are.</summary>
public sealed class RunFolderFuzzTests
{
    private static readonly string[] Files =
        ["spec.json", "events.jsonl", "queued.json", "worker.1.json", "checkpoints/epoch-0001/state.json", "stop"];
    private static readonly string[] Values =
        ["null", "-1", "1e308", "1e999", "-0.0", "\"NaN\"", "\"Infinity\"", "\"\"", "\"\\ud800\"", "[]", "{}", "[null]", "{\"a\":1,\"a\":2}", "true",
            "9223372036854775808", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59+00:00\""];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Store_HundredMutatedRuns_ListsThemAllAndTheSoundOnesAsTheyAre(int seed)
    {
        using var data = new TemporaryData();
        Fill(data.Data, seed, 100);
        foreach (var _ in new[] { "from the folders", "from the index" })
        {
            using var store = data.OpenStore();
            using var queue = data.OpenQueue(store);
            AssertSound(store.Runs, 100);
            foreach (var run in store.Runs)
            {
                store.Series(run.Spec.Id, "loss", 0, long.MaxValue, 100);
                Assert.NotNull(store.Refresh(run.Spec.Id));
            }
            Assert.Equal(5, store.Leading(null, null, null).Entries.Count(entry => entry.Run.Spec.Name == "sound" && !entry.Evaluation.Reference));
        }
    }

    /// <summary>The same through a real process, with all that reads runs in it.</summary>
    [Theory]
    [InlineData(5)]
    public async Task Server_HundredMutatedRuns_StartsAndAnswers(int seed)
    {
        await using var server = await ServerProcess.StartAsync(data => Fill(data, seed, 100), environment: ServerProcess.Idle);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        for (var start = 0; start < 3; start++)
        {
            if (start > 0)
            {
                await server.KillAsync();
                await server.RestartAsync();
            }
            var list = JsonNode.Parse(await client.GetStringAsync("/api/runs"))!.AsArray();
            Assert.Equal(105, list.Count);
            Assert.Equal(
                5, list.Count(run => run!["spec"]!["name"]?.GetValue<string>() == "sound" && run["state"]!.GetValue<string>() == "finished"));
            Assert.Contains("sound", await client.GetStringAsync("/api/leaderboard.csv"));
            foreach (var run in list)
                Assert.NotEqual(System.Net.HttpStatusCode.InternalServerError, (await client.GetAsync($"/api/runs/{run!["id"]}/metrics")).StatusCode);
        }
    }

    private static void AssertSound(IReadOnlyList<RunSummary> runs, int mutated)
    {
        Assert.Equal(mutated + 5, runs.Count);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => (RunState.Finished, (double?)(0.5 + i / 100.0))),
            runs.Where(run => run.Spec.Name == "sound").OrderBy(run => run.Miou).Select(run => (run.State, run.Miou)));
        Assert.All(runs.Where(run => run.State == RunState.Damaged), run => Assert.Contains(run.Spec.Id, run.Message));
    }

    private static void Fill(DataFolder data, int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5; i++)
            FinishedRuns.Write(data, $"sound-{i}", 0.5 + i / 100.0, name: "sound");
        for (var i = 0; i < count; i++)
        {
            var folder = FinishedRuns.Write(data, $"mutated-{i:000}", day: i % 9, input: i % 4 == 0 ? "sound-1" : null);
            Directory.CreateDirectory(folder.File("checkpoints/epoch-0001"));
            File.WriteAllText(folder.File("checkpoints/epoch-0001/state.json"), """{"step":1,"epoch":1}""");
            // Of a launcher on another machine: what waits is to be read, not to be begun.
            if (i % 3 == 0)
                File.WriteAllText(folder.File("queued.json"), """{"since":"2026-01-01T00:00:00+00:00","launcher":{"processId":1,"started":1,"boot":"none","host":"elsewhere"}}""");
            if (i % 5 == 0)
                File.WriteAllText(folder.File("worker.1.json"), """{"process":{"processId":1,"started":1,"boot":"none","host":"nowhere"},"since":"2026-01-01T00:00:00+00:00","seconds":30,"mark":"a"}""");
            // The spec and the log most often: all else hangs on them.
            var path = folder.File(Files[random.Next(3) > 0 ? random.Next(2) : random.Next(Files.Length)]);
            if (File.Exists(path))
                File.WriteAllBytes(path, Mutate(File.ReadAllBytes(path), random));
            else
                File.WriteAllText(path, Values[random.Next(Values.Length)]);
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                // A block of zeros, as a power cut leaves.
                var start = random.Next(bytes.Length);
                Array.Clear(bytes, start, Math.Min(bytes.Length - start, 64));
                return bytes;
            case 3:
                var lines = Encoding.UTF8.GetString(bytes).Split('\n').ToList();
                (var from, var to) = (random.Next(lines.Count), random.Next(lines.Count));
                (lines[from], lines[to]) = (lines[to], lines[from]);
                return Encoding.UTF8.GetBytes(string.Join('\n', lines));
            default:
                return ReplaceValue(Encoding.UTF8.GetString(bytes), random);
        }
    }

    /// <summary>Some value of some object in the file becomes another one, or goes.</summary>
    private static byte[] ReplaceValue(string text, Random random)
    {
        var lines = text.StartsWith("{\n", StringComparison.Ordinal) ? [text] : text.Split('\n');
        var at = random.Next(lines.Length);
        if (lines[at] == "" || JsonNode.Parse(lines[at]) is not JsonObject root)
            return Encoding.UTF8.GetBytes(text + "{\"type\":\"log\"}\n");
        var objects = new List<JsonObject> { root };
        objects.AddRange(root.Select(field => field.Value).OfType<JsonObject>());
        var target = objects[random.Next(objects.Count)];
        var names = target.Select(field => field.Key).ToList();
        if (names.Count > 0 && random.Next(4) == 0)
            target.Remove(names[random.Next(names.Count)]);
        else
            target[names.Count > 0 ? names[random.Next(names.Count)] : "new"] = "PLACE";
        lines[at] = root.ToJsonString().Replace("\"PLACE\"", Values[random.Next(Values.Length)]);
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }
}
