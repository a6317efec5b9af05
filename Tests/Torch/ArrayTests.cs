using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

public sealed class ArrayTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void RoundTrip_EveryElementType()
    {
        Returns<byte>([1, 255], tensor(new byte[] { 1, 255 }), ScalarType.Byte);
        Returns<sbyte>([-128, 127], tensor(new sbyte[] { -128, 127 }), ScalarType.Int8);
        Returns<short>([-3, 32767], tensor(new short[] { -3, 32767 }), ScalarType.Int16);
        Returns([-3, int.MaxValue], tensor(new[] { -3, int.MaxValue }), ScalarType.Int32);
        Returns<long>([-3, long.MaxValue], tensor(new[] { -3, long.MaxValue }), ScalarType.Int64);
        Returns([(Half)0.5f, (Half)(-2f)], tensor(new[] { (Half)0.5f, (Half)(-2f) }), ScalarType.Float16);
        Returns([0.1f, float.NegativeInfinity], tensor(new[] { 0.1f, float.NegativeInfinity }), ScalarType.Float32);
        Returns([0.1, double.Epsilon], tensor(new[] { 0.1, double.Epsilon }), ScalarType.Float64);
        Returns([true, false], tensor(new[] { true, false }), ScalarType.Bool);
    }

    [Fact]
    public void Conversion_BetweenTypes()
    {
        var x = tensor(new[] { 1.75f, -1.75f });
        Assert.Equal([1L, -1L], x.@long().data<long>().ToArray());
        Assert.Equal([(Half)1.75f, (Half)(-1.75f)], x.half().data<Half>().ToArray());
        Assert.Equal(1.75f, x.bfloat16().@float()[0].item<float>());
        Assert.Same(x, x.to(float32));
        Assert.NotSame(x, x.to(float32, copy: true));
    }

    [Fact]
    public void Tensor_OfMatrices_KeepsRowMajorOrder()
    {
        var x = tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal([2, 3], x.shape);
        Assert.Equal(6f, x[1, 2].item<float>());
        Assert.Equal([1f, 4, 2, 5, 3, 6], x.t().data<float>().ToArray());
        Assert.Equal(4f, x.t().data<float>()[0, 1]);
        Assert.Equal(x.data<float>().ToArray(), from_array(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).data<float>().ToArray());
    }

    [Fact]
    public void Tensor_ShapeDoesNotFit_IsRefused() =>
        Assert.Contains("2x2", Assert.Throws<ArgumentException>(() => tensor(new float[3], [2, 2])).Message);

    [Fact]
    public void Tensor_CopiesTheArray()
    {
        var array = new[] { 1f, 2 };
        var x = tensor(array);
        array[0] = 9;
        Assert.Equal(1f, x[0].item<float>());
    }

    [Fact]
    public void FromBuffer_SharesTheArray()
    {
        var array = new[] { 1f, 2, 3 };
        var x = frombuffer(array, float32, count: 2, offset: 4);
        array[1] = 9;
        Assert.Equal([9f, 3f], x.data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => frombuffer(array, float32, count: 4));
    }

    [Fact]
    public void Bytes_ReadAndWriteTheMemory()
    {
        var x = zeros(2);
        x.bytes = (byte[])[.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-2f)];
        Assert.Equal([1f, -2f], x.data<float>().ToArray());
        Assert.Equal(8, x.bytes.Length);
        Assert.Throws<InvalidOperationException>(() => zeros(2, 2).t().bytes.Length);
    }

    [Fact]
    public void Data_OfAnotherType_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => zeros(2).data<long>());
        Assert.Throws<ArgumentException>(() => zeros(2).data<int>());
        Assert.Throws<ArgumentException>(() => tensor(1.0).item<float>());
    }

    [Fact]
    public void Numbers_KeepTheirType()
    {
        Assert.Equal(ScalarType.Int64, full(new long[] { 2 }, 3).dtype);
        Assert.Equal(ScalarType.Float32, full(new long[] { 2 }, 0.5).dtype);
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal(ScalarType.Float32, arange(0, 1, 0.25).dtype);
        Assert.Equal(ScalarType.Float32, (zeros(2) * 2.0).dtype);
        Assert.Equal(ScalarType.Float32, (zeros(2) + tensor(1.0)).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
    }

    private static void Returns<T>(T[] elements, Tensor actual, ScalarType type) where T : unmanaged
    {
        Assert.Equal(type, actual.dtype);
        Assert.Equal(elements, actual.data<T>().ToArray());
        Assert.Equal(elements[1], actual[1].item<T>());
    }
}
