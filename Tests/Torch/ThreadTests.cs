using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

/// <summary>The thread count belongs to the process, so this runs alone.</summary>
[Collection("Whole process")]
public sealed class ThreadTests
{
    [Fact]
    public void SetNumThreads_IsReadBack_OnOtherThreadsToo()
    {
        var before = get_num_threads();
        set_num_threads(2);
        var elsewhere = 0;
        var thread = new Thread(() => elsewhere = get_num_threads());
        thread.Start();
        thread.Join();
        Assert.Equal(2, get_num_threads());
        Assert.Equal(2, elsewhere);
        set_num_threads(before);
    }

    [Fact]
    public void Operators_OnManyThreads_GiveTheSameResult()
    {
        var results = new float[8];
        Parallel.For(0, results.Length, i =>
        {
            using var scope = NewDisposeScope();
            var x = arange(1000, dtype: float32).reshape(10, 100);
            for (var round = 0; round < 50; round++) results[i] = x.matmul(x.t()).sum().item<float>();
        });
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Version_NamesALibtorch() => Assert.Matches(@"^\d+\.\d+\.\d+", __version__);
}
