using Dashboard.Backend.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Training;

public sealed class InfoNceTests
{
    private static readonly float[] Logits = [2, 0.5f, -1, 0, 3, 0.25f, 1, -2, 0.75f];

    [Fact]
    public void Loss_DifferentCaptions_IsTheCrossEntropyOfBothDirections()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(Logits, [3, 3]);
        var own = arange(3);
        var expected = (functional.cross_entropy(logits, own) + functional.cross_entropy(logits.t(), own)) / 2;
        Assert.Equal(expected.item<float>(), InfoNce.Loss(logits, eye(3)).item<float>(), 5);
        Assert.Equal(expected.item<float>(), InfoNce.Loss(logits).item<float>(), 5);
    }

    [Fact]
    public void Loss_EqualCaptions_ShareTheTarget()
    {
        using var scope = NewDisposeScope();
        var same = tensor(new float[] { 1, 0, 1, 0, 1, 0, 1, 0, 1 }, [3, 3]);

        // By hand: rows 0 and 2 have the target (1/2, 0, 1/2), row 1 has (0, 1, 0).
        var expected = 0.0;
        for (var i = 0; i < 3; i++)
        {
            double[] targets = i == 1 ? [0, 1, 0] : [0.5, 0, 0.5];
            double[] row = [Logits[3 * i], Logits[3 * i + 1], Logits[3 * i + 2]];
            double[] column = [Logits[i], Logits[3 + i], Logits[6 + i]];
            for (var j = 0; j < 3; j++)
                expected -= targets[j] * (row[j] - LogSum(row) + column[j] - LogSum(column)) / 6;
        }

        Assert.Equal(expected, InfoNce.Loss(tensor(Logits, [3, 3]), same).item<float>(), 5);

        static double LogSum(double[] values) => Math.Log(values.Sum(Math.Exp));
    }

    [Fact]
    public void Loss_EqualCaptionsOnEqualImages_HasNoGradientThatPartsThem()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 5, 5, 0, 5, 5, 0, 0, 0, 5 }, [3, 3]).requires_grad_();
        InfoNce.Loss(logits, tensor(new float[] { 1, 1, 0, 1, 1, 0, 0, 0, 1 }, [3, 3])).backward();
        var gradient = logits.grad!.data<float>().ToArray();
        Assert.Equal(gradient[0], gradient[1], 6);
        Assert.True(gradient[0] < 0 && gradient[2] > 0);
    }

    [Fact]
    public void Accuracy_EqualCaption_CountsAsRight()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 0, 1, 0, 1, 0, 0, 1, 0, 0 }, [3, 3]);
        Assert.Equal(0f, InfoNce.Accuracy(logits, eye(3)).item<float>());
        Assert.Equal(2 / 3f, InfoNce.Accuracy(logits, tensor(new float[] { 1, 1, 0, 1, 1, 0, 0, 0, 1 }, [3, 3])).item<float>(), 6);
    }

    [Fact]
    public void SameTexts_Tokens_ComparesWholeRows()
    {
        using var scope = NewDisposeScope();
        var same = InfoNce.SameTexts(tensor(new long[] { 7, 1, 9, 7, 2, 9, 7, 1, 9 }, [3, 3]));
        Assert.Equal([1f, 0, 1, 0, 1, 0, 1, 0, 1], same.data<float>().ToArray());
    }
}
