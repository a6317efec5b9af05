using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

public sealed class OperatorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _x = tensor(new[] { 1f, 2, 4 });

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Arithmetic_WithNumbersOnBothSides()
    {
        Holds([3, 4, 6], _x + 2);
        Holds([0, -1, -3], 1 - _x);
        Holds([1, 0.5f, 0.25f], 1 / _x);
        Holds([0.5f, 1, 2], _x / 2.0);
        Holds([-1, -2, -4], -_x);
        Holds([1, 0, 0], _x % 2);
        Holds([1, 4, 16], _x.pow(2));
        Holds([0, 1, 2], _x.div(2, RoundingMode.floor));
    }

    [Fact]
    public void Comparison_WithNumbersOnBothSides()
    {
        Assert.Equal([false, true, true], (_x > 1).data<bool>().ToArray());
        Assert.Equal([false, true, true], (1 < _x).data<bool>().ToArray());
        Assert.Equal([false, true, false], (_x == 2).data<bool>().ToArray());
        Assert.Equal([false, true, false], ((_x > 1) & ~(_x >= 4)).data<bool>().ToArray());
    }

    [Fact]
    public void InPlace_ReturnsTheSameObject()
    {
        Assert.Same(_x, _x.mul_(2).add_(1).clamp_(max: 6));
        Holds([3, 5, 6], _x);
    }

    [Fact]
    public void Reductions_OverDimensions()
    {
        var x = arange(6, dtype: float32).reshape(2, 3);
        Holds([3, 5, 7], x.sum(dim: 0));
        Holds([1, 4], x.mean(new long[] { 1 }));
        Assert.Equal([2, 1], x.mean(new long[] { 1 }, keepdim: true).shape);
        Assert.Equal([2L, 2L], x.argmax(1).data<long>().ToArray());
        Holds([2, 5], x.max(1).values);
        Holds([0, 3], x.amin([1], false));
        Holds([5, 4], x.flatten().topk(2).values);
        Holds([5, 14], x.norm(dim: 1).pow(2).round().sub(tensor(new[] { 0f, 36 })));
        Assert.Equal(2.5, x.median().item<float>() + 0.5, 6);
        Assert.Equal(MathF.Sqrt(3.5f), x.std().item<float>(), 5);
        Assert.Equal([1L, 0, 2], bincount(tensor(new long[] { 0, 2, 2 })).data<long>().ToArray());
    }

    [Fact]
    public void Shapes_SplitJoinRepeat()
    {
        var x = arange(6, dtype: float32).reshape(2, 3);
        Holds([0, 3, 1, 4, 2, 5], x.permute(1, 0));
        Holds([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], cat([x, x]));
        Assert.Equal([2, 2, 3], stack([x, x], 1).shape);
        Holds([2, 5], x.split(2, dim: 1)[1]);
        Holds([2, 1, 0, 5, 4, 3], x.flip(1));
        Holds([2, 0, 1, 5, 3, 4], x.roll(1, 1));
        Holds([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5], x.repeat_interleave(2));
        Assert.Equal([2, 1, 3], x.unflatten(1, 1, 3).shape);
        Holds([9, 1, 9, 3, 9, 5], where(x % 2 == 0, 9, x));
    }

    [Fact]
    public void Einsum_IsTheMatrixProduct()
    {
        var a = arange(6, dtype: float32).reshape(2, 3);
        Holds(a.matmul(a.t()).data<float>().ToArray(), einsum("ik,jk->ij", a, a));
    }

    [Fact]
    public void Unique_ReturnsWhatWasAskedFor()
    {
        var (output, inverse, counts) = unique(tensor(new long[] { 5, 3, 5 }), return_counts: true);
        Assert.Equal([3L, 5], output.data<long>().ToArray());
        Assert.Equal([1L, 2], counts!.data<long>().ToArray());
        Assert.Null(inverse);
    }

    private static void Holds(float[] elements, Tensor actual) =>
        Assert.Equal(elements, actual.@float().data<float>().ToArray());
}
