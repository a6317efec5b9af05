using Dashboard.Backend.Weights;


namespace Dashboard.Tests.Weights;

/// <summary>Damaged checkpoints are read or refused: no other exception, and memory in proportion to the file.</summary>
public sealed class CheckpointFuzzTests : IDisposable
{
    private const long BytesAllocatedAtMost = 2_000_000;
    private const string Index = "model.safetensors.index.json";

    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint-fuzz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("archive.pth")]
    [InlineData("legacy.pth")]
    [InlineData("training.pth")]
    [InlineData("script.pth")]
    [InlineData("safetensors")]
    [InlineData("beside.pth")]
    [InlineData("beside-4.pth")]
    [InlineData("beside-legacy.pth")]
    [InlineData("module.pth")]
    [InlineData(Index)]
    public void Open_CutAt200Places_IsRefused(string name)
    {
        var whole = Bytes(name);
        for (var i = 0; i < 200; i++)
            Assert.NotNull(ReadAll(name, whole[..(int)((long)whole.Length * i / 200)]));
    }

    [Theory]
    [InlineData("archive.pth")]
    [InlineData("legacy.pth")]
    [InlineData("training.pth")]
    [InlineData("script.pth")]
    [InlineData("safetensors")]
    [InlineData("beside.pth")]
    [InlineData("beside-4.pth")]
    [InlineData("beside-legacy.pth")]
    [InlineData("module.pth")]
    [InlineData(Index)]
    public void Open_500BytesFlipped_IsReadOrRefused(string name)
    {
        var whole = Bytes(name);
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var flipped = whole.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                flipped[random.Next(flipped.Length)] ^= (byte)random.Next(1, 256);
            ReadAll(name, flipped);
        }
    }

    private CheckpointException? ReadAll(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name == Index ? name : "damaged");
        File.WriteAllBytes(path, content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var checkpoint = CheckpointFile.Open(path);
            foreach (var tensor in checkpoint.Tensors.Values)
                tensor.ToFloats();
            return null;
        }
        catch (CheckpointException error)
        {
            Assert.StartsWith(_folder, error.Message, StringComparison.Ordinal);
            return error;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesAllocatedAtMost);
        }
    }

    private byte[] Bytes(string name)
    {
        if (name is not ("safetensors" or Index))
            return File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Weights", "Files", name));
        var path = Path.Combine(_folder, name);
        SafetensorsFile.Write(path,
            new Dictionary<string, TensorData> { ["conv.weight"] = TensorData.Of(new float[24], 2, 3, 4), ["steps"] = TensorData.Of([5L, 6L], 2) });
        if (name != Index)
            return File.ReadAllBytes(path);
        File.Move(path, Path.Combine(_folder, "one.safetensors"));
        SafetensorsFile.Write(Path.Combine(_folder, "two.safetensors"), new Dictionary<string, TensorData> { ["bias"] = TensorData.Of([1f], 1) });
        return """{"metadata": {}, "weight_map": {"conv.weight": "one.safetensors", "steps": "one.safetensors", "bias": "two.safetensors"}}"""u8.ToArray();
    }
}
