using System.Text.Json;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Pretrained;

namespace Dashboard.Tests.Weights;

/// <summary>Folders of Hugging Face whose weights lie in several files.</summary>
public sealed class ShardedCheckpointTests : IDisposable
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Index => _folder.File("model.safetensors.index.json");

    [Fact]
    public void Open_FolderOfSafetensorsShards_GivesAllTensors()
    {
        Write();
        using var checkpoint = CheckpointFile.Open(_folder.Path);
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys.Order());
        Assert.Equal([3f], checkpoint["c"].ToFloats());
        Assert.Equal("2 files, safetensors", checkpoint.Format);
    }

    [Fact]
    public void Open_FolderOfPytorchShards_GivesAllTensors()
    {
        foreach (var (name, value) in new[] { ("a", 1f), ("b", 2f) })
        {
            var file = new PickledFile();
            file.Save(_folder.File($"pytorch_model-{name}.bin"), file.Tensors([new(name, TensorData.Of([value], 1))]));
        }
        WriteIndex(new() { ["a"] = "pytorch_model-a.bin", ["b"] = "pytorch_model-b.bin" }, _folder.File("pytorch_model.bin.index.json"));
        using var checkpoint = CheckpointFile.Open(_folder.Path);
        Assert.Equal([2f], checkpoint["b"].ToFloats());
    }

    [Fact]
    public void Open_ShardMissing_IsNamed()
    {
        Write();
        File.Delete(_folder.File(Second));
        Assert.Contains($"1 of the 2 files that it names is missing from {_folder.Path}: {Second}", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("..")]
    [InlineData("/etc/hostname")]
    [InlineData("sub/model.safetensors")]
    [InlineData("model.safetensors.index.json")]
    public void Open_ShardElsewhere_IsRefused(string shard)
    {
        Write();
        WriteIndex(new() { ["a"] = First, ["b"] = shard });
        Assert.Contains($"'{shard}'. Shards lie beside their index", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TensorInTwoShards_NamesBoth()
    {
        Write();
        SafetensorsFile.Write(_folder.File(Second), Tensors(("b", 2), ("c", 3)));
        Assert.Contains($"the tensor 'b' lies in two files, {First} and {Second}", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TensorTwiceInTheIndex_NamesBoth()
    {
        Write();
        File.WriteAllText(Index, """{"weight_map": {"a": "FIRST", "a": "SECOND"}}""".Replace("FIRST", First).Replace("SECOND", Second));
        Assert.Contains($"names 'a' twice, in {First} and in {Second}", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d", First, "but no file has it")]
    [InlineData("c", First, $"but it lies in {Second}")]
    public void Open_TensorThatIsNotWhereTheIndexSays_IsNamed(string tensor, string shard, string fault)
    {
        Write();
        WriteIndex(new() { ["a"] = First, ["b"] = Second, [tensor] = shard });
        SafetensorsFile.Write(_folder.File(First), Tensors(("a", 1)));
        SafetensorsFile.Write(_folder.File(Second), Tensors(("b", 2), ("c", 3)));
        var error = Refused();
        Assert.Contains($"'{tensor}' lies in {shard}", error, StringComparison.Ordinal);
        Assert.Contains(fault, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "cannot be read as an index")]
    [InlineData("{}", "no weight_map")]
    [InlineData("""{"weight_map": {}}""", "weight_map is empty")]
    [InlineData("""{"weight_map": {"a": 1}}""", "the file of 'a' is not text")]
    [InlineData("""{"weight_map": []}""", "no weight_map")]
    public void Open_DamagedIndex_SaysWhatIsWrong(string index, string fault)
    {
        Write();
        File.WriteAllText(Index, index);
        Assert.Contains(fault, Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderWithoutWeights_NamesWhatItHasAndWhatIsLookedFor()
    {
        _folder.Write("flax_model.msgpack", "");
        var error = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(_folder.Path)).Message;
        Assert.Contains(
            "none of model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json. It has flax_model.msgpack.",
            error, StringComparison.Ordinal);
    }

    /// <summary>The checksum and the look at whether the model is still what was added are of every file.</summary>
    [Fact]
    public void Model_OneShardReplaced_IsNoticed()
    {
        var path = SmallClip.Write(_folder.File("clip"));
        var tensors = ClipNames.ToHuggingFace(SmallClip.Tensors()).ToList();
        File.Delete(Path.Combine(path, "model.safetensors"));
        File.WriteAllText(Path.Combine(path, "config.json"), """{"text_config": {"num_attention_heads": 2}, "vision_config": {"num_attention_heads": 2, "hidden_act": "gelu"}}""");
        SafetensorsFile.Write(Path.Combine(path, First), tensors[..5].ToDictionary());
        SafetensorsFile.Write(Path.Combine(path, Second), tensors[5..].ToDictionary());
        WriteIndex(tensors.Select((tensor, i) => (tensor.Key, i < 5 ? First : Second)).ToDictionary(),
            Path.Combine(path, "model.safetensors.index.json"));
        var catalog = new ModelCatalog(_folder.File("data"), _folder.File("shipped"));
        var added = catalog.Add(path);
        Assert.Equal((SmallClip.Tensors().Count, (string?)null), (added.Import!.Loaded, catalog.List()[0].Unavailable));

        File.SetLastWriteTimeUtc(Path.Combine(path, Second), new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(Path.Combine(path, First), DateTime.UtcNow.AddMinutes(1));
        Assert.Contains("changed since it was added", catalog.List()[0].Unavailable, StringComparison.Ordinal);
        File.Delete(Path.Combine(path, Second));
        Assert.Contains(Second, catalog.List()[0].Unavailable, StringComparison.Ordinal);
    }

    private void Write()
    {
        SafetensorsFile.Write(_folder.File(First), Tensors(("a", 1), ("b", 2)));
        SafetensorsFile.Write(_folder.File(Second), Tensors(("c", 3)));
        WriteIndex(new() { ["a"] = First, ["b"] = First, ["c"] = Second });
    }

    private void WriteIndex(Dictionary<string, string> map, string? path = null) =>
        File.WriteAllText(path ?? Index, JsonSerializer.Serialize(new { metadata = new { total_size = 12 }, weight_map = map }));

    private static Dictionary<string, TensorData> Tensors(params (string Name, float Value)[] tensors) =>
        tensors.ToDictionary(tensor => tensor.Name, tensor => TensorData.Of([tensor.Value], 1));

    private string Refused()
    {
        var message = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(_folder.Path)).Message;
        Assert.StartsWith(Index, message, StringComparison.Ordinal);
        return message;
    }
}
