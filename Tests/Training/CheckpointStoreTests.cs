using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Training;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CheckpointStore _store;
    private readonly List<RunLog> _told = [];

    public CheckpointStoreTests() => _store = Open();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TakeNewest_NothingSaved_IsNull() => Assert.Null(Newest());

    [Fact]
    public void Save_TwoEpochs_TheSecondIsTakenAndTheEventNamesItsFolder()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));
        var saved = _store.Save(new(Step: 10, Epoch: 2), Write("two"));

        var (state, folder) = Newest()!;

        Assert.Equal(new CheckpointState(10, 2), state);
        Assert.Equal("two", File.ReadAllText(Path.Combine(folder, "weights")));
        Assert.Equal(("checkpoints/epoch-0002", 10L), (saved.Folder, saved.Step));
        Assert.Empty(_told);
    }

    [Fact]
    public void Save_WriterFails_NamesTheFolderAndKeepsTheEarlierCheckpoint()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));

        var error = Assert.Throws<IOException>(() => _store.Save(new(Step: 10, Epoch: 2), _ => throw new IOException("No space left on device")));

        Assert.Contains("epoch-0002", error.Message);
        Assert.Contains("No space left on device", error.Message);
        Assert.Equal(1, Newest()!.State.Epoch);
        Assert.Equal(["epoch-0001"], Epochs());
    }

    [Fact]
    public void Save_ManyEpochs_KeepsTwo()
    {
        foreach (var epoch in Enumerable.Range(1, 5))
            _store.Save(new(epoch * 5, epoch), Write("content"));
        Assert.Equal(["epoch-0004", "epoch-0005"], Epochs());
    }

    /// <summary>The two newest by name would be damaged ones.</summary>
    [Fact]
    public void Save_AfterFallingBack_DropsWhatFollowsAndKeepsWhatItCameFrom()
    {
        foreach (var epoch in Enumerable.Range(1, 2))
            _store.Save(new(epoch * 5, epoch), Write("content"));
        foreach (var epoch in new[] { 3, 4, 5 })
            Directory.CreateDirectory(Checkpoint(epoch));

        Assert.Equal(2, Newest()!.State.Epoch);
        _store.Save(new(15, 3), Write("anew"));

        Assert.Equal(["epoch-0002", "epoch-0003"], Epochs());
        Assert.Equal(3, Newest()!.State.Epoch);
    }

    [Fact]
    public void TakeNewest_NewestWasCutWhileWriting_IsTheOneBefore()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));
        // As a kill leaves them: one aside, one whose state is torn.
        Directory.CreateDirectory(Checkpoint(2) + ".new");
        Directory.CreateDirectory(Checkpoint(3));
        File.WriteAllText(Path.Combine(Checkpoint(3), "state.json"), "{ \"step\": 1");

        Assert.Equal(1, Newest()!.State.Epoch);
        _store.RemoveLeftovers();
        Assert.Equal(["epoch-0001", "epoch-0003"], Epochs());
    }

    /// <summary>Of every file, state.json included: the bit is noticed, the one before is taken, and the warning names the file.</summary>
    [Fact]
    public void TakeNewest_AnyBitOfTheNewestFlipped_IsTheOneBeforeWithAWarning()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));
        _store.Save(new(Step: 10, Epoch: 2), Write("two"));
        foreach (var name in new[] { "weights", "state.json" })
        {
            var path = Path.Combine(Checkpoint(2), name);
            var whole = File.ReadAllBytes(path);
            for (var bit = 0; bit < whole.Length * 8; bit++)
            {
                var flipped = whole.ToArray();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                File.WriteAllBytes(path, flipped);
                _told.Clear();
                var (state, _) = Newest()!;
                // White space and the case of names mean nothing in state.json: what is read then is what was written.
                if (state.Epoch == 1)
                    Assert.Contains(name, Assert.Single(_told, told => told.Level == "warning").Message);
                else
                    Assert.True(name == "state.json" && state == new CheckpointState(10, 2), $"bit {bit} of {name} was not noticed");
            }
            File.WriteAllBytes(path, whole);
        }
    }

    [Fact]
    public void TakeNewest_FileGone_IsTheOneBeforeWithAWarning()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));
        _store.Save(new(Step: 10, Epoch: 2), Write("two"));
        File.Delete(Path.Combine(Checkpoint(2), "weights"));

        Assert.Equal(1, Newest()!.State.Epoch);
        Assert.Contains("weights", Assert.Single(_told).Message);
    }

    [Fact]
    public void TakeNewest_AllDamaged_IsNullWithAWarningEach()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));
        _store.Save(new(Step: 10, Epoch: 2), Write("two"));
        foreach (var epoch in new[] { 1, 2 })
            File.WriteAllText(Path.Combine(Checkpoint(epoch), "weights"), "owt");

        Assert.Null(Newest());
        Assert.Equal(2, _told.Count(told => told.Level == "warning"));
    }

    [Fact]
    public void TakeNewest_OfAnOlderVersion_IsTakenAndTheLogSaysSo()
    {
        WriteOld(1);
        Assert.Equal(new CheckpointState(5, 1), Newest()!.State);
        Assert.Contains("has no checksums", Assert.Single(_told, told => told.Level == "info").Message);
    }

    [Fact]
    public void TakeNewest_OfAnOlderVersionThatCannotBeRead_IsTheOneBefore()
    {
        WriteOld(1);
        WriteOld(2);
        var taken =
            Open().TakeNewest(found => found.State.Epoch == 1 ? found : throw new CheckpointException("optimizer.safetensors", "it is cut."), Tell);
        Assert.Equal(1, taken!.State.Epoch);
        Assert.Contains("optimizer.safetensors: it is cut.", Assert.Single(_told, told => told.Level == "warning").Message);
        Assert.Throws<CheckpointException>(() =>
            Open().TakeNewest<StoredCheckpoint>(_ => throw new CheckpointException("model.safetensors", "it is cut."), Tell));
    }

    /// <summary>A whole checkpoint of another network is a mistake of the user's, not damage.</summary>
    [Fact]
    public void TakeNewest_WholeButOfAnotherNetwork_IsRefused()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));
        Assert.Throws<CheckpointException>(() =>
            Open().TakeNewest<StoredCheckpoint>(_ => throw new CheckpointException("model.safetensors", "another shape."), Tell));
    }

    private CheckpointStore Open() => new(new RunFolder(_folder.Path));

    private StoredCheckpoint? Newest() => Open().TakeNewest(found => found, Tell);

    private void Tell(RunEvent told) => _told.Add((RunLog)told);

    private string Checkpoint(int epoch) => _folder.File("checkpoints", $"epoch-{epoch:0000}");

    private string[] Epochs() => [.. Directory.GetDirectories(_folder.File("checkpoints")).Select(path => Path.GetFileName(path)).Order()];

    private void WriteOld(int epoch)
    {
        Directory.CreateDirectory(Checkpoint(epoch));
        File.WriteAllText(Path.Combine(Checkpoint(epoch), "state.json"), $$"""{ "step": {{5 * epoch}}, "epoch": {{epoch}} }""");
    }

    private static Action<string> Write(string content) => folder => File.WriteAllText(Path.Combine(folder, "weights"), content);
}
