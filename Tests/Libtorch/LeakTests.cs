using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Libtorch;

/// <summary>For what would disturb all others, or be disturbed by them: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "Whole process";
}

/// <summary>Counts over the whole process.</summary>
[Collection(WholeProcess.Name)]
public sealed class LeakTests
{
    [Fact]
    public void TrainingSteps_UnderScopes_ReturnToTheBaseLine()
    {
        Settle();
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var weight = randn(8, 4, requires_grad: true);
            var input = randn(16, 8);
            var target = randn(16, 4);
            var inUse = Tensor.TotalCount;
            for (var step = 0; step < 100; step++)
            {
                using var scope = NewDisposeScope();
                var loss = (input.matmul(weight).relu() - target).pow(2).mean();
                loss.backward();
                using (no_grad()) weight.sub_(weight.grad! * 0.01);
                weight.grad = null;
                var (values, _) = loss.unsqueeze(0).max(0);
                Assert.True(values.ToSingle() > 0);
            }
            Assert.Equal(inUse, Tensor.TotalCount);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void ForgottenTensors_AreFreedByTheCollector()
    {
        Settle();
        var before = Tensor.TotalCount;
        Forget(50);
        Settle();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Allocations_UnderScopes_KeepTheResidentMemoryFlat()
    {
        Allocate(100);
        Settle();
        var before = ResidentBytes();
        Allocate(2000);  // 8 GB in all
        Assert.InRange(ResidentBytes() - before, long.MinValue, 256L << 20);
    }

    private static void Allocate(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            ones(1024, 1024);
        }
    }

    private static void Forget(int count)
    {
        for (var i = 0; i < count; i++) zeros(2);
    }

    private static void Settle()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static long ResidentBytes() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
}
