using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs.Plan;

/// <summary>Two runs have one key when they would give the same result.</summary>
public sealed class RunKeyTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly RunStore _store;
    private readonly RunQueue _queue;

    public RunKeyTests()
    {
        _store = _data.OpenStore();
        _queue = _data.OpenQueue(_store);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _store.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Key_NameGroupDeviceThreadsAndPresetsName_DoNotChangeIt()
    {
        var options = CamMethod.Descriptor.Schema.Write(CamMethod.Descriptor.Presets[0].Options);
        var request = new RunRequest("cam", "empty", "builtin");

        var key = await Key(request);

        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.Equal(key, await Key(request with { Name = "another", Group = "a group" }));
        Assert.Equal(key, await Key(request with { Device = "cuda:1" }));
        Assert.Equal(key, await Key(request with { Profile = true }));
        Assert.Equal(key, await Key(request with { Preset = null, Options = options }));
        Assert.Equal(key, await Key(request with { Options = new JsonObject { ["tensorThreads"] = 3, ["loaderThreads"] = 2 } }));
        Assert.Equal(key, await Key(request with { Options = new JsonObject { ["learningRate"] = JsonNode.Parse("2.0e-3") } }));
        Assert.Equal(key, await Key(request with { Options = new JsonObject { ["precision"] = "float32" } }));
    }

    /// <summary>Of the built-in CAM before there was an option precision.</summary>
    [Fact]
    public void Key_OptionThatCameLater_LeavesEarlierKeysAsTheyWere() =>
        Assert.Equal("ed8cd7f0a7c69d7bdd4579e3502ad7929b89493bac4528ebaa4f39cb0199bfef",
            RunKey.Of(CamMethod.Descriptor, CamMethod.Descriptor.Schema.Write(CamMethod.Descriptor.Presets[0].Options), seed: 0, "data",
                new Dictionary<string, string>(), new Dictionary<string, string>()));

    [Fact]
    public async Task Key_OptionSeedMethodOrInput_ChangesIt()
    {
        var request = new RunRequest("cam", "empty", "builtin");
        var clims = new RunRequest("clims", "empty", "builtin");

        Assert.Distinct(
        [
            await Key(request), await Key(request with { Seed = 1 }), await Key(request with { Options = new JsonObject { ["epochs"] = 4 } }),
            await Key(request with { Options = new JsonObject { ["precision"] = "bfloat16" } }),
            await Key(request with { Preset = "paper" }),
            await Key(clims), await Key(clims with { Options = new JsonObject { ["checkpoint"] = Checkpoint } }),
        ]);
        // What changes an input changes all that starts from it.
        var (one, other) = (_queue.Submit(TemporaryData.Request(epochs: 1)).Spec, _queue.Submit(TemporaryData.Request(epochs: 2)).Spec);
        Assert.NotEqual(await Key(From(clims, one)), await Key(From(clims, other)));
        Assert.Equal(await Key(From(clims, one)), await Key(From(clims, _queue.Submit(TemporaryData.Request("a second one", epochs: 1)).Spec)));
    }

    [Fact]
    public void Key_ResultVersion_ChangesIt()
    {
        var method = CamMethod.Descriptor;
        var options = method.Schema.Write(new CamOptions());

        string Of(MethodDescriptor known) => RunKey.Of(known, options, 0, "data", new Dictionary<string, string>(), new Dictionary<string, string>());

        Assert.NotEqual(Of(method), Of(method with { ResultVersion = 2 }));
        Assert.Equal(Of(method), Of(method with { Title = "Another title" }));
    }

    [Fact]
    public async Task Key_FileThatAnOptionNames_ChangesItWhenItChanges()
    {
        var file = Path.Combine(_data.Data.Path, "weights.pth");
        File.Copy(Checkpoint, file);
        var request = new RunRequest("cam", "empty", "builtin", new JsonObject { ["checkpoint"] = file });

        var before = await Key(request);
        var again = await Key(request);
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(before, again);
        Assert.NotEqual(before, await Key(request));
    }

    [Fact]
    public void Spec_WithoutAKey_IsReadAndHashedAsBefore()
    {
        var folder = _data.Create("20260101-000000-cam-aaaa");

        Assert.DoesNotContain("\"key\"", File.ReadAllText(folder.Spec));
        Assert.Equal(folder.ReadSpec().Hash, (folder.ReadSpec() with { Key = "k" }).Hash);
    }

    [Fact]
    public void Spec_OfANewRun_HoldsItsKeyAndTheIndexFindsItByThat()
    {
        var run = _queue.Submit(TemporaryData.Request(epochs: 1)).Spec;

        Assert.Equal(run.Key, JsonNode.Parse(File.ReadAllText(_store.Folder(run.Id)!.Spec))!["key"]!.GetValue<string>());
        Assert.Equal(run.Id, Assert.Single(_store.WithKeys([run.Key!])).Spec.Id);
    }

    [Fact]
    public void Fingerprint_OfTheBuiltInWorld_NeedsNoFiles()
    {
        var catalog = new DatasetCatalog(_data.Data.Path);

        Assert.Equal(CooccurrenceWorld.DefaultFingerprint, catalog.Fingerprint("cooccurrence"));
        Assert.False(Directory.Exists(catalog.BuiltInPath));
    }

    [Fact]
    public void Fingerprint_OfAFolder_IsOfItsFilesAndNotOfItsName()
    {
        var (world, moved) = (Path.Combine(_data.Data.Path, "world"), Path.Combine(_data.Data.Path, "moved"));
        CooccurrenceWorld.Make(world, train: 2, val: 1, size: 16);
        var before = Fingerprint(world);
        Directory.Move(world, moved);
        Assert.Equal(before, Fingerprint(moved));

        var image = Directory.EnumerateFiles(Path.Combine(moved, "JPEGImages")).First();
        var length = new FileInfo(image).Length;
        File.SetLastWriteTimeUtc(image, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(length, new FileInfo(image).Length);
        Assert.NotEqual(before, Fingerprint(moved));
        var touched = Fingerprint(moved);
        File.Move(image, image + ".bak");
        Assert.NotEqual(touched, Fingerprint(moved));

        // A catalogue of its own each time: one remembers for a moment what it has seen.
        string Fingerprint(string folder) => new DatasetCatalog(_data.Data.Path).Fingerprint(folder);
    }

    [Fact]
    public void Fingerprint_OfALinkToAFile_IsThatOfTheFile()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_data.Data.Path, "links")).FullName;
        var target = Path.Combine(_data.Data.Path, "image.png");
        File.WriteAllText(target, "one");
        File.CreateSymbolicLink(Path.Combine(folder, "image.png"), target);
        var before = new FileFingerprints(TimeProvider.System).Of(folder);

        File.WriteAllText(target, "other");

        Assert.NotEqual(before, new FileFingerprints(TimeProvider.System).Of(folder));
    }

    private static string Checkpoint => Path.Combine(AppContext.BaseDirectory, "Weights", "Files", "archive.pth");

    private static RunRequest From(RunRequest request, RunSpec run) =>
        request with { Inputs = new Dictionary<string, string> { ["baseline"] = run.Id } };

    private async Task<string> Key(RunRequest request) => (await _queue.PlanAsync([new WantedRun(request)])).Wanted[0].Spec.Key!;
}
