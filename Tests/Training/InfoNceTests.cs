using Dashboard.Backend.Training;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Training;

/// <summary>Numbers of SimSeg's code are in <see cref="Golden.SimSegChecks"/>.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class InfoNceTests
{
    [Fact]
    public void Loss_KnownLogits_IsTheMeanOfBothDirections()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 2, 0, 1, 3 }, [2, 2]);
        var rows = (Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(-2))) / 2;
        var columns = (Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(-3))) / 2;
        Assert.Equal((rows + columns) / 2, InfoNce.Loss(logits).item<float>(), 6);
    }

    [Fact]
    public void Loss_EqualTexts_ShareTheTarget()
    {
        using var scope = NewDisposeScope();
        var same = InfoNce.SameTexts(tensor(new long[] { 1, 2, 1, 2, 3, 4 }, [3, 2]));
        Assert.Equal([1, 1, 0, 1, 1, 0, 0, 0, 1], same.data<float>().ToArray());

        // Two pairs with one text, alike to each other: nothing is left to be learnt from them but that their features are alike.
        var logits = tensor(new float[] { 50, 50, 0, 50, 50, 0, 0, 0, 50 }, [3, 3]).requires_grad_();
        InfoNce.Loss(logits, same).backward();
        Assert.True(logits.grad!.abs().max().item<float>() < 1e-6);
        Assert.Equal(2 * Math.Log(2) / 3, InfoNce.Loss(logits, same).item<float>(), 5);
    }

    [Fact]
    public void Accuracy_EqualTexts_AreRight()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 1, 2, 0, 1, 0, 0, 0, 0, 1 }, [3, 3]);
        var same = InfoNce.SameTexts(tensor(new long[] { 1, 1, 3 }, [3, 1]));
        Assert.Equal(1 / 3f, InfoNce.Accuracy(logits).item<float>(), 1e-6f);
        Assert.Equal(1, InfoNce.Accuracy(logits, same).item<float>());
    }

    [Theory]
    [InlineData(0.0005f, 0.001f, 0)]
    [InlineData(0.02f, 0.02f, 1)]
    [InlineData(0.7f, 0.5f, 0)]
    public void Bounded_Temperature_StaysWithinAndLearnsOnlyThere(float given, float expected, float gradient)
    {
        using var scope = NewDisposeScope();
        var temperature = tensor(given).requires_grad_();
        var bounded = InfoNce.Bounded(temperature);
        bounded.backward();
        Assert.Equal(expected, bounded.item<float>());
        Assert.Equal(gradient, temperature.grad!.item<float>());
    }
}
