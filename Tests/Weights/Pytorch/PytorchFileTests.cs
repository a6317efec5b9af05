using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Dashboard.Backend.Weights;

namespace Dashboard.Tests.Weights.Pytorch;

public sealed class PytorchFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pytorch-file").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Files that PyTorch has written; make.py beside them says what is in them.</summary>
    [Theory]
    [InlineData("archive.pth", "PyTorch archive")]
    [InlineData("legacy.pth", "PyTorch (before 1.6)")]
    public void Open_FileOfPytorch_GivesEveryTensor(string name, string format)
    {
        using var checkpoint = CheckpointFile.Open(Real(name));
        var shared = Enumerable.Range(0, 24).Select(i => (i * 3 - 7) / 8f).ToArray();

        Assert.Equal(format, checkpoint.Format);
        Assert.Equal(17, checkpoint.Tensors.Count);
        Expect("conv.weight", TensorType.Float32, [2, 3, 4], shared);
        Expect("tied.weight", TensorType.Float32, [2, 3, 4], shared);
        Expect("slice", TensorType.Float32, [6], shared[6..12]);
        Expect("transposed", TensorType.Float32, [6, 4], [.. Enumerable.Range(0, 24).Select(i => shared[i % 4 * 6 + i / 4])]);
        Expect("every.second", TensorType.Float32, [12], [.. shared.Where((_, i) => i % 2 == 1)]);
        Expect("expanded", TensorType.Float32, [4, 3], [.. shared[..3], .. shared[..3], .. shared[..3], .. shared[..3]]);
        Expect("scalar", TensorType.Float32, [], [2.5f]);
        Expect("empty", TensorType.Float32, [0, 3], []);
        Expect("double", TensorType.Float64, [3], [(float)(-7 / 3.0), (float)(-4 / 3.0), (float)(-1 / 3.0)]);
        Expect("half", TensorType.Float16, [3], [-3.5f, -2, -0.5f]);
        Expect("bfloat16", TensorType.BFloat16, [3], [-3.5f, -2, -0.5f]);
        Expect("int", TensorType.Int32, [3], [-7, -4, -1]);
        Expect("short", TensorType.Int16, [3], [-7, -4, -1]);
        Expect("char", TensorType.Int8, [3], [-7, -4, -1]);
        Expect("byte", TensorType.UInt8, [3], [0, 128, 255]);
        Expect("bool", TensorType.Bool, [3], [1, 0, 1]);
        Assert.Equal([-70_000_000_000, -40_000_000_000, -10_000_000_000], checkpoint["long"].ToInt64s());
        Assert.Throws<InvalidOperationException>(() => checkpoint["half"].ToInt64s());

        void Expect(string key, TensorType type, long[] shape, float[] values)
        {
            var tensor = checkpoint[key];
            Assert.Equal(type, tensor.Type);
            Assert.Equal(shape, tensor.Shape);
            Assert.Equal(values, tensor.ToFloats());
        }
    }

    [Fact]
    public void Open_TrainingCheckpoint_GivesTheStateDictInIt()
    {
        using var checkpoint = CheckpointFile.Open(Real("training.pth"));
        Assert.Equal(["weight"], checkpoint.Tensors.Keys);
        Assert.Equal([1f, 1, 1, 1], checkpoint["weight"].ToFloats());
    }

    [Fact]
    public void Tensor_UnknownName_SaysWhatThereIs()
    {
        using var checkpoint = CheckpointFile.Open(Real("training.pth"));
        var error = Assert.Throws<CheckpointException>(() => checkpoint["fc.weight"]);
        Assert.Contains("no tensor 'fc.weight'", error.Message, StringComparison.Ordinal);
        Assert.Contains("weight", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cos\nsystem\n)R.", "os.system")]
    [InlineData("cbuiltins\neval\n)R.", "builtins.eval")]
    [InlineData("cnumpy.core.multiarray\nscalar\n)R.", "numpy.core.multiarray.scalar")]
    [InlineData("c__torch__.model\nNet\n)R.", "__torch__.model.Net")]
    [InlineData("ccopyreg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nobject\nNtR.", "argparse.Namespace")]
    [InlineData("\u008c\u0002os\u008c\u0006system\u0093)R.", "os.system")]
    public void Open_PickleOfNoData_IsNoStateDictAndNamesIt(string pickle, string name)
    {
        var error = Refused(Archive(Encoding.Latin1.GetBytes("\x80\x02" + pickle)));
        Assert.Contains($"Found: {name}.", error, StringComparison.Ordinal);
        Assert.Contains("data, never code", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnknownOpcode_NamesItAndItsPlace() =>
        Assert.Contains("at byte 4 the pickle opcode 0x50", Refused(Archive([0x80, 2, (byte)'}', (byte)'P', (byte)'.'])), StringComparison.Ordinal);

    [Fact]
    public void Open_PickleOfMoreOpcodesThanAnyStateDictNeeds_IsRefused()
    {
        var pickle = new byte[8_000_002];
        for (var i = 0; i < pickle.Length; i += 2)
            (pickle[i], pickle[i + 1]) = ((byte)'N', (byte)'0');
        Assert.Contains("more than 8000000 opcodes", Refused(Archive(pickle)), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_StateForAnObjectThatHasNone_IsRefused() =>
        Assert.Contains("at byte 5 an entry for what is not an object with a state", Refused(Archive([0x80, 2, .. "}}b."u8])),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 3, 1, null)]
    [InlineData(1, 3, 1, null)]
    [InlineData(0, 2, 3, null)]
    [InlineData(2, 3, 1, "does not lie within its storage")]
    [InlineData(0, 3, 2, "does not lie within its storage")]
    [InlineData(-1, 3, 1, "does not lie within its storage")]
    [InlineData(3, 3, -1, "does not lie within its storage")]
    [InlineData(0, -3, 1, "does not lie within its storage")]
    [InlineData(0, int.MaxValue, 0, "does not lie within its storage")]
    [InlineData(0, int.MaxValue, int.MaxValue, "does not lie within its storage")]
    public void Open_TensorView_MustLieWithinItsStorage(int offset, int side, int stride, string? fault)
    {
        var file = Archive(OneTensor(offset, side, stride), ("data/0", new byte[16]));
        if (fault is not null)
        {
            Assert.Contains(fault, Refused(file), StringComparison.Ordinal);
            return;
        }

        using var checkpoint = CheckpointFile.Open(file);
        Assert.Equal(new float[side], checkpoint["w"].ToFloats());
    }

    [Fact]
    public void Open_StorageEntryMissing_NamesTheEntry() =>
        Assert.Contains("archive/data/0 is missing", Refused(Archive(OneTensor(0, 3, 1))), StringComparison.Ordinal);

    [Fact]
    public void Open_StorageEntryTooShort_NamesTheEntry() =>
        Assert.Contains("archive/data/0 has 12 bytes", Refused(Archive(OneTensor(0, 3, 1), ("data/0", new byte[12]))), StringComparison.Ordinal);

    [Fact]
    public void Open_DeflatedArchive_IsRead()
    {
        var numbers = new byte[16];
        BinaryPrimitives.WriteSingleLittleEndian(numbers, 1.5f);
        using var checkpoint = CheckpointFile.Open(Archive(OneTensor(0, 3, 1), CompressionLevel.Optimal, ("data/0", numbers)));
        Assert.Equal([1.5f, 0, 0], checkpoint["w"].ToFloats());
    }

    [Fact]
    public void Open_EntryThatUnpacksToMuchMore_IsRefused() =>
        Assert.Contains("claims 50000000 bytes", Refused(Archive(new byte[50_000_000], CompressionLevel.Optimal)), StringComparison.Ordinal);

    [Fact]
    public void Open_TorchScriptArchive_GivesParametersByAttributePath()
    {
        using var checkpoint = CheckpointFile.Open(Real("script.pth"));
        Assert.Equal("TorchScript archive", checkpoint.Format);
        Assert.Equal(
            ["conv1.weight", "input_resolution", "layers.0.bias", "layers.0.weight", "layers.1.bias", "layers.1.num_batches_tracked",
                "layers.1.running_mean", "layers.1.running_var", "layers.1.weight"],
            checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([0f, 1, 2, 3, 4, 5], checkpoint["conv1.weight"].ToFloats());
        Assert.Equal((TensorType.Float16, 1f), (checkpoint["layers.0.weight"].Type, checkpoint["layers.0.weight"].ToFloats()[0]));
        Assert.Equal([224L], checkpoint["input_resolution"].ToInt64s());
    }

    [Fact]
    public void Open_TorchScriptModuleWithinItself_IsRefused()
    {
        byte[] pickle = [0x80, 2, .. "c__torch__\nNet\n)"u8, 0x81, .. "q\0}("u8, .. Text("child"), .. "h\0ub."u8];
        Assert.Contains("without end", Refused(Archive(pickle, ("constants.pkl", []))), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_TorchScriptOfOtherCode_IsRefusedByThatName() =>
        Assert.Contains("Found: os.system", Refused(Archive("cos\nsystem\n)R."u8.ToArray(), ("constants.pkl", []))), StringComparison.Ordinal);

    [Fact]
    public void Open_ListThatHoldsItself_IsNoStateDict() =>
        Assert.Contains("no state dict", Refused(Archive([0x80, 2, .. "]q\0h\0a."u8])), StringComparison.Ordinal);

    [Fact]
    public void Open_OtherFile_SaysWhatIsRead()
    {
        var path = Path.Combine(_folder, "weights.pth");
        File.WriteAllText(path, "version https://git-lfs.github.com/spec/v1");
        Assert.Contains("neither a safetensors file nor a PyTorch checkpoint", Refused(path), StringComparison.Ordinal);
        File.WriteAllBytes(path, []);
        Assert.Contains("neither", Refused(path), StringComparison.Ordinal);
        Assert.Contains("cannot be opened", Refused(Path.Combine(_folder, "missing.pth")), StringComparison.Ordinal);
    }

    private static string Real(string name) => Path.Combine(AppContext.BaseDirectory, "Weights", "Files", name);

    private static string Refused(string path)
    {
        var message = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        return message;
    }

    /// <summary>{"w": _rebuild_tensor_v2(("storage", FloatStorage, "0", "cpu", 4), offset, (side,), (stride,), False, None)}</summary>
    private static byte[] OneTensor(int offset, int side, int stride) =>
    [
        0x80, 2, .. "}"u8, .. Text("w"), .. "ctorch._utils\n_rebuild_tensor_v2\n(("u8, .. Text("storage"), .. "ctorch\nFloatStorage\n"u8,
        .. Text("0"), .. Text("cpu"), .. Number(4), .. "tQ"u8,
        .. Number(offset), .. Number(side), 0x85, .. Number(stride), 0x85, 0x89, .. "NtRs."u8,
    ];

    private static byte[] Text(string text) => [(byte)'X', (byte)text.Length, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number(int number) => [(byte)'J', .. BitConverter.GetBytes(number)];

    private string Archive(byte[] pickle, params (string Name, byte[] Content)[] entries) => Archive(pickle, CompressionLevel.NoCompression, entries);

    private string Archive(byte[] pickle, CompressionLevel compression, params (string Name, byte[] Content)[] entries)
    {
        var path = Path.Combine(_folder, "made.pth");
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, content) in entries.Prepend(("data.pkl", pickle)))
        {
            using var entry = zip.CreateEntry($"archive/{name}", compression).Open();
            entry.Write(content);
        }

        return path;
    }
}
