using static TorchSharp.torch;

namespace Dashboard.Tests.Libtorch;

/// <summary>Collects garbage all the time, so nothing else may run meanwhile.</summary>
[Collection("Whole process")]
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
}
