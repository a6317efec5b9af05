using System.Text;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Weights;

/// <summary>Checkpoints as training scripts save them: the state dict somewhere among much else, which is left out without being built.</summary>
public sealed class SavedByScriptsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Files that PyTorch has written; make_beside.py says what is in them.</summary>
    [Theory]
    [InlineData("beside.pth")]
    [InlineData("beside-4.pth")]
    [InlineData("beside-legacy.pth")]
    public void Open_StateDictAmongObjectsOfAllKinds_GivesItAlone(string name)
    {
        using var checkpoint = CheckpointFile.Open(Real(name));
        Assert.Equal(["conv.weight", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"],
            checkpoint.Tensors.Keys);
        Assert.Equal([1.5f, -2], checkpoint["conv.weight"].ToFloats());
    }

    [Theory]
    [InlineData("module.pth")]
    [InlineData("module-legacy.pth")]
    public void Open_WholeModule_SaysWhatToSaveInstead(string name)
    {
        var error = Refused(Real(name));
        Assert.Contains("a whole module of the class __main__.Small", error, StringComparison.Ordinal);
        Assert.Contains("torch.save(model.state_dict(), path)", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("model_state")]
    [InlineData("model_state_dict")]
    [InlineData("net")]
    [InlineData("ema")]
    [InlineData("state_dict_ema")]
    [InlineData("model", "state_dict")]
    [InlineData("ema", "module")]
    [InlineData("checkpoint", "model")]
    [InlineData("generator")]
    public void Open_StateDictUnderKeys_IsFoundBesideATensor(params string[] keys)
    {
        var file = new PickledFile();
        var value = file.Tensors(Weights(2));
        foreach (var key in Enumerable.Reverse(keys))
            value = PickledFile.Dict(("best_acc1", file.Tensor(TensorData.Of([71f], []))), ("epoch", PickledFile.Number(3)), (key, value));
        using var checkpoint = CheckpointFile.Open(file.Save(_folder.File("m.pt"), value));
        Assert.Equal(["a.weight", "b.weight"], checkpoint.Tensors.Keys);
        Assert.Equal([2f, 2], checkpoint["b.weight"].ToFloats());
    }

    [Fact]
    public void Open_WeightsAndTheirAverage_TakesTheWeights()
    {
        var file = new PickledFile();
        using var checkpoint = CheckpointFile.Open(
            file.Save(_folder.File("m.pt"), PickledFile.Dict(("ema", file.Tensors(Weights(9))), ("model", file.Tensors(Weights(2))))));
        Assert.Equal([2f, 2], checkpoint["a.weight"].ToFloats());
    }

    [Fact]
    public void Open_TwoStateDictsOfUnknownNames_AsksWhich()
    {
        var file = new PickledFile();
        var error =
            Refused(file.Save(_folder.File("m.pt"), PickledFile.Dict(("generator", file.Tensors(Weights(1))), ("critic", file.Tensors(Weights(2))))));
        Assert.Contains("several state dicts: 'generator' (2 tensors), 'critic' (2 tensors)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OptimiserAlone_SaysWhatIsThereAndWhatIsLookedFor()
    {
        var file = new PickledFile();
        var error = Refused(file.Save(_folder.File("m.pt"), PickledFile.Dict(
            ("optimizer", file.Tensors(Weights(1))), ("epoch", PickledFile.Number(3)),
            ("args", PickledFile.Instance("argparse", "Namespace", PickledFile.Dict(("lr", PickledFile.Number(1))))))));
        Assert.Contains("no state dict", error, StringComparison.Ordinal);
        Assert.Contains("under state_dict, model_state_dict,", error, StringComparison.Ordinal);
        Assert.Contains("Found: a dict of 'optimizer' (a dict of 2), 'epoch' (a number), 'args' (argparse.Namespace).", error,
            StringComparison.Ordinal);
    }

    /// <summary>Neither as a call, nor as a state, nor as what a dict of the module's own is made of.</summary>
    [Theory]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0TEXTtR")]
    [InlineData("cbuiltins\neval\n(X\u0004\0\0\0TEXTtR")]
    [InlineData("cposix\nsystem\nX\u0004\0\0\0TEXT\u0085R")]
    public void Open_CallBesideTheStateDict_IsNotMade(string call)
    {
        var trace = _folder.File("called");
        var command = $"open('{trace}', 'w') if 0 else touch {trace}";
        call = call.Replace("X\u0004\0\0\0TEXT", Encoding.Latin1.GetString(PickledFile.Text(command)), StringComparison.Ordinal);
        var file = new PickledFile();
        using var checkpoint = CheckpointFile.Open(
            file.Save(_folder.File("m.pt"), PickledFile.Dict(("hook", Encoding.Latin1.GetBytes(call)), ("model", file.Tensors(Weights(2))))));
        Assert.Equal(2, checkpoint.Tensors.Count);
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public void Open_DictThatHoldsItselfUnderEveryName_IsNoStateDict()
    {
        byte[] itself =
            [.. "}q\0("u8, .. ((string[])["state_dict", "model", "net", "ema", "other"]).SelectMany(key =>
                (byte[])[.. PickledFile.Text(key), .. "h\0"u8]), (byte)'u'];
        Assert.Contains("no state dict", Refused(new PickledFile().Save(_folder.File("m.pt"), itself)), StringComparison.Ordinal);
    }

    private static string Real(string name) => Path.Combine(AppContext.BaseDirectory, "Weights", "Files", name);

    private static string Refused(string path)
    {
        var message = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        return message;
    }

    private static Dictionary<string, TensorData> Weights(float value) =>
        new() { ["a.weight"] = TensorData.Of([value, value], 2), ["b.weight"] = TensorData.Of([value, value], 1, 2) };
}
