using System.Runtime.CompilerServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Libtorch;

/// <summary>Collects garbage all the time, so nothing else may run meanwhile.</summary>
[Collection(WholeProcess.Name)]
public sealed class HandleLifetimeTests
{
    /// <summary>
    /// With the package's own TorchSharp.dll it fails within a tenth of a second: the collector frees the number while it is being added.
    /// </summary>
    [Fact]
    public void Numbers_WhileTheCollectorRuns_LiveAsLongAsTheCall()
    {
        using var scope = NewDisposeScope();
        var sum = zeros(1, dtype: int64);
        var done = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            for (var step = 0; step < 50_000; step++)
                sum.add_(1);
        }
        finally
        {
            Volatile.Write(ref done, true);
            collector.Join();
        }
        Assert.Equal(50_000, sum.item<long>());
    }

    /// <summary>With the package's own TorchSharp.dll the weights of the norms are gone with the network.</summary>
    [Fact]
    public void Weights_OfANetworkThatIsCollected_StayWithWhoeverHoldsThem()
    {
        var weights = WeightsOfANetwork();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Contains("norm.num_batches_tracked", weights.Keys);
        Assert.All(weights, weight => Assert.False(weight.Value.IsInvalid, weight.Key));
    }

    /// <summary>A method of its own, so that no local variable keeps the network alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Dictionary<string, Tensor> WeightsOfANetwork() => Sequential(
        ("convolution", Conv2d(3, 4, 1)), ("norm", BatchNorm2d(4)), ("groups", GroupNorm(2, 4)), ("layer", LayerNorm(4)), ("linear", Linear(4, 2)))
        .state_dict();
}
