using Dashboard.Backend.Libtorch;
using Dashboard.Domain.Methods;
using Dashboard.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Libtorch;

[Collection(LibtorchCollection.Name)]
public sealed class AutocastTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Autocast _narrow = new(Precision.Bfloat16, TestDevice.Current);
    private readonly Tensor _images = rand(2, 3, 8, 8, device: TestDevice.Current);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Forward_InBfloat16_NarrowsProductsAndTheirGradientsButNeitherWeightsNorResult()
    {
        var convolution = nn.Conv2d(3, 4, kernel_size: 3).to(TestDevice.Current);
        var norm = nn.BatchNorm2d(4).to(TestDevice.Current);
        var linear = nn.Linear(4, 2).to(TestDevice.Current);
        Tensor? convolved = null;

        var result = _narrow.Forward(images => linear.call(norm.call(convolved = convolution.call(images)).mean([2, 3])), _images);
        result.sum().backward();

        Assert.Equal(bfloat16, convolved!.dtype);
        // Channels lie beside each other in memory.
        Assert.Equal(1, convolved.stride()[1]);
        Assert.Equal(float32, result.dtype);
        Assert.All((Tensor[])[convolution.weight!, convolution.weight!.grad!, linear.weight!.grad!, norm.weight!.grad!, norm.running_var!],
            tensor => Assert.Equal(float32, tensor.dtype));
        var single = linear.call(norm.call(convolution.call(_images)).mean([2, 3]));
        Assert.True(allclose(single, result, rtol: 0, atol: 0.05));
        Assert.NotEqual(0, (single - result).abs().max().item<float>());
    }

    [Fact]
    public void Forward_OfSeveralResults_HandsOutFloat32()
    {
        var matrix = rand(8, 8, device: TestDevice.Current);

        var (first, second) = _narrow.Forward(images => (images.matmul(matrix), matrix.matmul(matrix)), _images);
        var many = _narrow.Forward(images => (Tensor[])[images.matmul(matrix)], _images);

        Assert.All((Tensor[])[first, second, .. many], tensor => Assert.Equal(float32, tensor.dtype));
        Assert.Equal(first, many[0]);
        Assert.NotEqual(matrix.matmul(matrix), second);
    }

    [Fact]
    public void Forward_OfANetworkThatFails_LeavesOtherPassesInFloat32()
    {
        Assert.Throws<InvalidOperationException>(() =>
            _narrow.Forward((Func<Tensor, Tensor>)(_ => throw new InvalidOperationException()), _images));

        Assert.Equal(float32, _images.matmul(_images).dtype);
    }

    /// <summary>A weight that has been narrowed is not kept for the pass after a step.</summary>
    [Fact]
    public void Forward_AfterTheWeightsHaveChanged_TakesThemAsTheyAre()
    {
        var linear = nn.Linear(8, 8, hasBias: false).to(TestDevice.Current);
        _narrow.Forward(linear.call, _images);
        using (no_grad())
            linear.weight!.zero_();

        Assert.Equal(0, _narrow.Forward(linear.call, _images).abs().max().item<float>());
    }

    [Fact]
    public void Forward_InFloat32_HandsTheNetworkWhatItIsGiven()
    {
        var single = new Autocast(Precision.Float32, TestDevice.Current);

        Assert.Same(_images, single.Forward(images => images, _images));
    }
}
