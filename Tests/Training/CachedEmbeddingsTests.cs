using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Training;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Training;

[Collection(LibtorchCollection.Name)]
public sealed class CachedEmbeddingsTests
{
    private const int Pairs = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Backward_Parts_GiveTheGradientOfTheWholeBatch(int parts)
    {
        using var scope = NewDisposeScope();
        var (expectedLoss, expected) = Run(1, dropout: 0, seed: null, out _);
        var (loss, actual) = Run(parts, dropout: 0, seed: null, out var graphs);
        Assert.Equal(expectedLoss, loss, 1e-5f);
        foreach (var (whole, part) in expected.Zip(actual))
        {
            Assert.True(whole.abs().max().item<float>() > 1e-4);
            Assert.True((whole - part).abs().max().item<float>() <= 1e-5 * whole.abs().max().item<float>() + 1e-7);
        }

        // Never more than one part with a graph: that is what saves the memory.
        Assert.Equal((Pairs + parts - 1) / parts, graphs.Max());
    }

    [Fact]
    public void Backward_DropoutWithASeed_GivesTheGradientOfTheSameMasks()
    {
        using var scope = NewDisposeScope();
        // Parts of one pair draw each pair's mask alone, so that the whole can be made from the same masks by hand.
        var (loss, actual) = Run(Pairs, dropout: 0.5, seed: 3, out _);
        var (net, temperature) = Net(0.5);
        var (images, texts) = Data();
        var encoded = Enumerable.Range(0, Pairs).Select(pair =>
        {
            manual_seed(3 + pair);
            return (Images: net.call(images.narrow(0, pair, 1)), Texts: net.call(texts.narrow(0, pair, 1)));
        }).ToList();
        var expected =
            InfoNce.Loss(InfoNce.Logits(cat([.. encoded.Select(pair => pair.Images)]), cat([.. encoded.Select(pair => pair.Texts)]), temperature));
        expected.backward();
        Assert.Equal(expected.item<float>(), loss, 1e-5f);
        foreach (var (whole, part) in net.parameters().Append(temperature).Select(parameter => parameter.grad!).Zip(actual))
            Assert.True((whole - part).abs().max().item<float>() <= 1e-5 * whole.abs().max().item<float>() + 1e-7);
    }

    [Fact]
    public void Backward_SimSegWithDropout_GivesTheGradientOfTheSameMasks()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var model = new SimSegModel(SimSegWeightsTests.Small);
        model.train();
        var (images, tokens, mask) = (randn(5, 3, 12, 12), randint(0, 11, [5, 25]), ones([5, 25], int64));
        (int Start, int Count)[] parts = [(0, 2), (2, 2), (4, 1)];

        var loss = CachedEmbeddings.Backward(parts.Length, Encode, Loss, seed: 9).item<float>();
        var actual = model.parameters().Select(parameter => parameter.grad?.clone()).ToList();

        model.zero_grad();
        var encoded = Enumerable.Range(0, parts.Length).Select(part =>
        {
            manual_seed(9 + part);
            return Encode(part);
        }).ToList();
        var expected = Loss(cat([.. encoded.Select(part => part.Item1)]), cat([.. encoded.Select(part => part.Item2)]));
        expected.backward();
        Assert.Equal(expected.item<float>(), loss, 1e-5f);
        foreach (var (whole, part) in model.parameters().Select(parameter => parameter.grad).Zip(actual))
            Assert.True((whole! - part!).abs().max().item<float>() <= 1e-5 * whole!.abs().max().item<float>() + 1e-7);

        // Dropped again, the same pairs have another loss: it is not by chance that they agree.
        Assert.NotEqual(loss, CachedEmbeddings.Backward(parts.Length, Encode, Loss, seed: 90).item<float>(), 1e-4f);

        (Tensor, Tensor) Encode(int part)
        {
            var (start, count) = parts[part];
            return model.call(images.narrow(0, start, count), tokens.narrow(0, start, count), mask.narrow(0, start, count));
        }

        Tensor Loss(Tensor u, Tensor v) => InfoNce.Loss(InfoNce.Logits(u, v, InfoNce.Bounded(model.Temperature)));
    }

    /// <param name="graphs">How many pairs each encoding with a graph had.</param>
    private static (float Loss, IReadOnlyList<Tensor> Gradients) Run(int parts, double dropout, long? seed, out List<long> graphs)
    {
        var (net, temperature) = Net(dropout);
        var (images, texts) = Data();
        var (size, sizes) = ((Pairs + parts - 1) / parts, new List<long>());
        var loss = CachedEmbeddings.Backward((Pairs + size - 1) / size, Encode,
            (u, v) => InfoNce.Loss(InfoNce.Logits(u, v, InfoNce.Bounded(temperature))), seed);
        graphs = sizes;
        return (loss.item<float>(), [.. net.parameters().Append(temperature).Select(parameter => parameter.grad!)]);

        (Tensor, Tensor) Encode(int part)
        {
            var (start, count) = (part * size, Math.Min(size, Pairs - part * size));
            if (is_grad_enabled())
                sizes.Add(count);
            return (net.call(images.narrow(0, start, count)), net.call(texts.narrow(0, start, count)));
        }
    }

    private static (Sequential Net, Parameter Temperature) Net(double dropout)
    {
        manual_seed(1);
        var net = Sequential(("linear", Linear(5, 8)), ("act", GELU()), ("dropout", Dropout(dropout)), ("norm", LayerNorm(8)));
        net.train();
        return (net, Parameter(tensor(0.3f)));
    }

    private static (Tensor Images, Tensor Texts) Data()
    {
        manual_seed(2);
        return (randn(Pairs, 5), randn(Pairs, 5));
    }
}
