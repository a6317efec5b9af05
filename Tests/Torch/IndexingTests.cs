using TorchSharp;
using static TorchSharp.torch;
using TensorIndex = TorchSharp.torch.TensorIndex;

namespace Dashboard.Tests.Torch;

public sealed class IndexingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    // 0  1  2  3 |  12 13 14 15
    // 4  5  6  7 |  16 17 18 19
    // 8  9 10 11 |  20 21 22 23
    private readonly Tensor _x = arange(24).reshape(2, 3, 4);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Get_Integers() => Holds([], [23], _x[1, 2, 3]);

    [Fact]
    public void Get_NegativeInteger() => Holds([3, 4], Enumerable.Range(12, 12), _x[-1]);

    [Fact]
    public void Get_FromEndIndex() => Holds([2], [11, 23], _x[.., ^1, ^1]);

    [Fact]
    public void Get_Range() => Holds([2, 2, 2], [1, 2, 5, 6, 13, 14, 17, 18], _x[.., 0..2, 1..3]);

    [Fact]
    public void Get_RangeFromEnd() => Holds([2, 1, 2], [10, 11, 22, 23], _x[.., ^1.., ^2..]);

    [Fact]
    public void Get_SliceWithStep() => Holds([2, 2], [0, 2, 8, 10], _x[0][TensorIndex.Slice(step: 2), TensorIndex.Slice(0, null, 2)]);

    [Fact]
    public void Get_EllipsisAndNone() => Holds([2, 3, 1], [0, 4, 8, 12, 16, 20], _x[TensorIndex.Ellipsis, 0, TensorIndex.None]);

    [Fact]
    public void Get_EllipsisBetween() => Holds([3], [13, 17, 21], _x[1, TensorIndex.Ellipsis, 1]);

    [Fact]
    public void Get_OneIndexTensor() => Holds([2, 4], [8, 9, 10, 11, 0, 1, 2, 3], _x[0][tensor(new long[] { 2, 0 })]);

    [Fact]
    public void Get_TwoIndexTensors() => Holds([2], [6, 9], _x[0][tensor(new long[] { 1, 2 }), tensor(new long[] { 2, 1 })]);

    [Fact]
    public void Get_IndexTensorAfterColon() => Holds([2, 2], [2, 0, 14, 12], _x[.., 0][TensorIndex.Colon, tensor(new long[] { 2, 0 })]);

    [Fact]
    public void Get_IndexTensorBetweenSlices() =>
        Holds([2, 2, 2], [8, 9, 0, 1, 20, 21, 12, 13], _x[TensorIndex.Colon, tensor(new long[] { 2, 0 }), 0..2]);

    [Fact]
    public void Get_Mask() => Holds([3], [21, 22, 23], _x[_x > 20]);

    [Fact]
    public void Get_MaskOfTwoDimensionsThenRange()
    {
        var mask = zeros(2, 3, dtype: @bool);
        mask[0, 1] = true;
        mask[1, 2] = true;
        Holds([2, 2], [5, 6, 21, 22], _x[mask, 1..3]);
    }

    [Fact]
    public void Get_MaskThenIndexTensor()
    {
        var mask = zeros(2, 3, dtype: @bool);
        mask[0, 1] = true;
        mask[1, 2] = true;
        Holds([2], [7, 20], _x[mask, tensor(new long[] { 3, 0 })]);
    }

    [Fact]
    public void Set_Element()
    {
        _x[0, 1, 2] = -1;
        Assert.Equal(-1, _x[0, 1, 2].item<long>());
        Assert.Equal(24 * 23 / 2 - 7, _x.sum().item<long>());
    }

    [Fact]
    public void Set_RangeBroadcasts()
    {
        _x[.., 0..2, 0] = tensor(new long[] { 100, 200 });
        Holds([2, 3], [100, 200, 8, 100, 200, 20], _x[.., .., 0]);
    }

    [Fact]
    public void Set_Mask()
    {
        _x[_x > 3] = 0;
        Assert.Equal(6, _x.sum().item<long>());
    }

    [Fact]
    public void Set_IndexTensorConvertsTheValue()
    {
        _x[0][tensor(new long[] { 0, 2 })] = tensor(5.0f);
        Holds([3, 4], [5, 5, 5, 5, 4, 5, 6, 7, 5, 5, 5, 5], _x[0]);
    }

    [Fact]
    public void Set_SliceAndIndexTensor()
    {
        _x[0, .., tensor(new long[] { 1, 3 })] = 0;
        Holds([3, 4], [0, 0, 2, 0, 4, 0, 6, 0, 8, 0, 10, 0], _x[0]);
    }

    [Fact]
    public void Get_IsAView()
    {
        _x[1].fill_(0);
        Assert.Equal(66, _x.sum().item<long>());
    }

    private static void Holds(long[] shape, IEnumerable<int> elements, Tensor actual)
    {
        Assert.Equal(shape, actual.shape);
        Assert.Equal(elements.Select(element => (long)element), actual.data<long>().ToArray());
    }
}
