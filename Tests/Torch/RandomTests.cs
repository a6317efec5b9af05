using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

/// <summary>The default generator belongs to the process, so these run alone.</summary>
[Collection("Whole process")]
public sealed class RandomTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void ManualSeed_Repeats()
    {
        manual_seed(7);
        var first = randn(5).data<float>().ToArray();
        manual_seed(7);
        Assert.Equal(first, randn(5).data<float>().ToArray());
        Assert.NotEqual(first, randn(5).data<float>().ToArray());
    }

    [Fact]
    public void ManualSeed_DrawsPyTorchsNumbers()
    {
        // torch.manual_seed(0); torch.rand(3)  on any CPU
        manual_seed(0);
        var drawn = rand(3).data<float>().ToArray();
        Assert.Equal(0.4963, drawn[0], 4);
        Assert.Equal(0.7682, drawn[1], 4);
        Assert.Equal(0.0885, drawn[2], 4);
    }

    [Fact]
    public void Generator_OfItsOwn_DoesNotDisturbTheDefault()
    {
        manual_seed(3);
        var undisturbed = rand(4).data<float>().ToArray();
        manual_seed(3);
        using var own = new Generator(11);
        var a = randperm(10, generator: own).data<long>().ToArray();
        Assert.Equal(undisturbed, rand(4).data<float>().ToArray());
        own.manual_seed(11);
        Assert.Equal(a, randperm(10, generator: own).data<long>().ToArray());
        Assert.Equal(11, own.initial_seed());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), a.Order());
    }

    [Fact]
    public void State_RestoresTheDraws()
    {
        manual_seed(5);
        rand(10);
        var state = get_rng_state();
        var next = rand(4).data<float>().ToArray();
        set_rng_state(state);
        Assert.Equal(next, rand(4).data<float>().ToArray());
    }

    [Fact]
    public void Ranges_AreKept()
    {
        var integers = randint(2, 5, new long[] { 1000 });
        Assert.Equal([2, 3, 4], integers.unique().output.data<long>().ToArray());
        var uniform = zeros(1000).uniform_(-1, 1);
        Assert.InRange(uniform.min().item<float>(), -1f, 0f);
        Assert.InRange(uniform.max().item<float>(), 0f, 1f);
        Assert.InRange(zeros(10000).normal_(3, 0.5).mean().item<float>(), 2.9f, 3.1f);
    }
}
