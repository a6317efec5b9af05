using Dashboard.Backend.Execution;
using Dashboard.Backend.Training;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Training;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CheckpointStore _store;

    public CheckpointStoreTests() => _store = new CheckpointStore(new RunFolder(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Last_NothingSaved_IsNull() => Assert.Null(_store.Last());

    [Fact]
    public void Save_TwoEpochs_LastIsTheSecondAndTheEventNamesItsFolder()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));
        var saved = _store.Save(new(Step: 10, Epoch: 2), Write("two"));

        var (state, folder) = _store.Last()!.Value;

        Assert.Equal(new CheckpointState(10, 2), state);
        Assert.Equal("two", File.ReadAllText(Path.Combine(folder, "weights")));
        Assert.Equal(("checkpoints/epoch-0002", 10L), (saved.Folder, saved.Step));
    }

    [Fact]
    public void Save_WriterFails_NamesTheFolderAndKeepsTheEarlierCheckpoint()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));

        var error = Assert.Throws<IOException>(() => _store.Save(new(Step: 10, Epoch: 2), _ => throw new IOException("No space left on device")));

        Assert.Contains("epoch-0002", error.Message);
        Assert.Contains("No space left on device", error.Message);
        Assert.Equal(1, _store.Last()!.Value.State.Epoch);
        Assert.Single(Directory.GetDirectories(Path.Combine(_folder.Path, "checkpoints")));
    }

    [Fact]
    public void Last_NewestWasCutWhileWriting_IsTheOneBefore()
    {
        _store.Save(new(Step: 5, Epoch: 1), Write("one"));
        // As a kill leaves them: one aside, one whose state is torn.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "checkpoints", "epoch-0002.new"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "checkpoints", "epoch-0003"));
        File.WriteAllText(Path.Combine(_folder.Path, "checkpoints", "epoch-0003", "state.json"), "{ \"step\": 1");

        Assert.Equal(1, _store.Last()!.Value.State.Epoch);
    }

    private static Action<string> Write(string content) => folder => File.WriteAllText(Path.Combine(folder, "weights"), content);
}
