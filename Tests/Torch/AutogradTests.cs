using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

public sealed class AutogradTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Backward_QuadraticForm_IsTwiceTheProduct()
    {
        // d/dx (xᵀAx) = (A + Aᵀ) x
        var a = tensor(new double[,] { { 2, 1 }, { 0, 3 } });
        var x = tensor(new double[] { 1, -2 }, requires_grad: true);
        x.dot(a.matmul(x)).backward();
        Assert.Equal([2, -11], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Backward_Twice_Accumulates()
    {
        var x = tensor(3f, requires_grad: true);
        (x * x).backward();
        (x * x).backward();
        Assert.Equal(12f, x.grad!.item<float>());
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Backward_SigmoidCrossEntropy_IsProbabilityMinusLabel()
    {
        var logits = tensor(new double[] { -2, 0, 3 }, requires_grad: true);
        var labels = tensor(new double[] { 0, 1, 1 });
        (log(1 + exp(logits)) - labels * logits).sum().backward();
        var expected = new[] { -2.0, 0, 3 }.Zip([0.0, 1, 1], (z, y) => 1 / (1 + Math.Exp(-z)) - y).ToArray();
        var actual = logits.grad!.data<double>().ToArray();
        for (var i = 0; i < 3; i++) Assert.Equal(expected[i], actual[i], 12);
    }

    [Fact]
    public void Grad_OfTwoInputs_LeavesTheirGradAlone()
    {
        var x = tensor(2f, requires_grad: true);
        var y = tensor(5f, requires_grad: true);
        var grads = autograd.grad([x * y * y], [x, y]);
        Assert.Equal(25f, grads[0].item<float>());
        Assert.Equal(20f, grads[1].item<float>());
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_OfGrad_IsTheSecondDerivative()
    {
        var x = tensor(2f, requires_grad: true);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        var second = autograd.grad([first], [x])[0];
        Assert.Equal(12f, first.item<float>());
        Assert.Equal(12f, second.item<float>());
    }

    [Fact]
    public void Grad_UnusedInput_IsNullOnlyWhereAllowed()
    {
        var x = tensor(2f, requires_grad: true);
        var y = tensor(2f, requires_grad: true);
        Assert.Throws<ExternalException>(() => autograd.grad([x * 2], [y]));
        Assert.Null(autograd.grad([x * 2], [y], allow_unused: true)[0]);
    }

    [Fact]
    public void NoGrad_RecordsNothing_AndEndsWithDispose()
    {
        var x = tensor(2f, requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True((x * 2).requires_grad);
        using (inference_mode()) Assert.True(is_inference_mode_enabled());
        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void NoGrad_IsThreadLocal()
    {
        using var off = no_grad();
        var elsewhere = false;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        Assert.True(elsewhere);
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void Detach_CutsTheGraph()
    {
        var x = tensor(2f, requires_grad: true);
        Assert.False((x * 2).detach().requires_grad);
        Assert.True(x.is_leaf);
        Assert.False((x * 2).is_leaf);
    }

    [Fact]
    public void RetainGrad_KeepsAnInnerGradient()
    {
        var x = tensor(2f, requires_grad: true);
        var inner = x * 3;
        inner.retain_grad();
        (inner * inner).backward();
        Assert.Equal(12f, inner.grad!.item<float>());
        Assert.Equal(36f, x.grad!.item<float>());
    }
}
