using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Pytorch;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Exchange;

namespace Dashboard.Tests.Weights.Pytorch;

public sealed class PytorchArchiveWriterTests : IDisposable
{
    private static readonly TensorData Kernel = TensorData.Of([.. Enumerable.Range(0, 24).Select(i => i / 8f)], 2, 3, 4);

    private static readonly KeyValuePair<string, TensorData>[] Tensors =
    [
        new("conv.weight", Kernel),
        new("tied.weight", Kernel),
        new("bn.num_batches_tracked", TensorData.Of([70_000_000_000L], 1)),
        new("scalar", TensorData.Of([2.5f], [])),
        new("empty", TensorData.Of(Array.Empty<float>(), 0, 3)),
        new("half", new(TensorType.Float16, [2], () => [0, 0x3c, 0, 0xc0])),
        new("bool", new(TensorType.Bool, [3], () => [1, 0, 1])),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ThenOpen_GivesTheSameTensors()
    {
        using var file = CheckpointFile.Open(Written());

        Assert.Equal("PyTorch archive", file.Format);
        Assert.Equal(Tensors.Select(tensor => tensor.Key), file.Tensors.Keys);
        foreach (var (name, tensor) in Tensors)
        {
            Assert.Equal((tensor.Type, string.Join(',', tensor.Shape)), (file[name].Type, string.Join(',', file[name].Shape)));
            Assert.Equal(tensor.ToBytes(), file[name].ToBytes());
        }
    }

    /// <summary>torch.load with weights_only runs nothing: it takes plain tensors alone.</summary>
    [PythonFact("torch")]
    public void Write_ForPytorch_LoadsWithWeightsOnlyAndKeepsTiedTensorsOne()
    {
        var told = Python.Run(
            "torch",
            "import sys, torch; state = torch.load(sys.argv[1], weights_only=True); "
            + "print(type(state).__name__, [(name, str(tensor.dtype)[6:], list(tensor.shape), tensor.double().sum().item()) for name, tensor in "
            + "state.items()], "
            + "state['conv.weight'].data_ptr() == state['tied.weight'].data_ptr(), state['conv.weight'].stride(), state['conv.weight'].requires_grad)",
            Written());

        Assert.Equal(
            "OrderedDict [('conv.weight', 'float32', [2, 3, 4], 34.5), ('tied.weight', 'float32', [2, 3, 4], 34.5), ('bn.num_batches_tracked', "
            + "'int64', [1], 70000000000.0), "
            + "('scalar', 'float32', [], 2.5), ('empty', 'float32', [0, 3], 0.0), ('half', 'float16', [2], -1.0), ('bool', 'bool', [3], 2.0)] True "
            + "(12, 4, 1) False",
            told);
    }

    private string Written()
    {
        var path = _folder.File("written.pth");
        // A download cannot seek either.
        using var file = new Forward(File.Create(path));
        PytorchArchiveWriter.Write(file, Tensors);
        return path;
    }

    private sealed class Forward(Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
