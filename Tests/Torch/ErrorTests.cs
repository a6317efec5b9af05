using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

public sealed class ErrorTests
{
    [Fact]
    public void Matmul_ShapesDoNotFit_ThrowsWithLibtorchsMessage()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => zeros(3, 4).matmul(zeros(3, 4)));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (3x4 and 3x4)", error.Message);
    }

    [Fact]
    public void Add_ShapesDoNotBroadcast_ThrowsAndTheNextCallWorks()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => zeros(2) + zeros(3));
        Assert.Contains("must match the size of tensor b (3)", error.Message);
        Assert.Equal(4f, (ones(2) + ones(2)).sum().item<float>());
    }

    [Fact]
    public void Index_OutOfRange_Throws()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("index 3 out of range", Assert.Throws<ExternalException>(() => zeros(3)[3]).Message);
        Assert.Contains("index out of range", Assert.Throws<ExternalException>(() => zeros(3).index_select(0, tensor(new[] { 7L }))).Message);
        Assert.Contains("too many indices", Assert.Throws<ExternalException>(() => zeros(3)[.., 0]).Message);
    }

    [Fact]
    public void Call_UnknownOperator_NamesIt()
    {
        var error = Assert.Throws<ExternalException>(() => Boxed.CallVoid("aten::no_such_operator.out"));
        Assert.Contains("aten::no_such_operator.out", error.Message);
    }

    [Fact]
    public void Call_WrongArguments_Throws()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ExternalException>(() => Boxed.Call("aten::relu", "text"));
        Assert.Throws<ExternalException>(() => Boxed.Call("aten::relu"));
        Assert.Contains("takes 1 arguments", Assert.Throws<ExternalException>(() => Boxed.Call("aten::relu", zeros(1), 2, 3)).Message);
    }

    [Fact]
    public void Backward_OfNonScalar_Throws()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, requires_grad: true);
        Assert.Contains("scalar", Assert.Throws<ExternalException>(() => (x * 2).backward()).Message);
    }

    [Fact]
    public void RequiresGrad_OfIntegers_Throws()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("floating point", Assert.Throws<ExternalException>(() => zeros(2, dtype: int64).requires_grad = true).Message);
    }

    [Fact]
    public void Item_OfSeveralElements_Throws()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
        Assert.Throws<ExternalException>(() => zeros(2).ToSingle());
    }

    [Fact]
    public void Use_AfterDispose_ThrowsObjectDisposed()
    {
        var x = zeros(2);
        x.Dispose();
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.sum());
        Assert.Throws<ObjectDisposedException>(() => x.shape);
    }

    [Fact]
    public void Cuda_WithoutGpu_Throws()
    {
        if (cuda.is_available()) return;
        Assert.Equal(0, cuda.device_count());
        Assert.Throws<ExternalException>(() => cuda.synchronize());
        Assert.Throws<ExternalException>(() => zeros(2, device: CUDA));
        cuda.manual_seed_all(1);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    [InlineData("")]
    [InlineData("1")]
    public void Device_UnknownText_IsRefused(string text)
    {
        Assert.Throws<ArgumentException>(() => new Device(text));
    }

    [Fact]
    public void Allocation_Absurd_ThrowsAndTheNextCallWorks()
    {
        Assert.Throws<ExternalException>(() => zeros(1L << 50));
        using var x = zeros(2);
        Assert.Equal(2, x.numel());
    }
}
