using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Libtorch;

/// <summary>A seed drives every draw of a run. The default generator belongs to the process.</summary>
[Collection(LibtorchCollection.Name)]
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
    public void State_RestoresTheDraws()
    {
        manual_seed(5);
        rand(10);
        var state = get_rng_state();
        var next = rand(4).data<float>().ToArray();
        set_rng_state(state);
        Assert.Equal(next, rand(4).data<float>().ToArray());
    }
}
