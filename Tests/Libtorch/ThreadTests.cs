using static TorchSharp.torch;

namespace Dashboard.Tests.Libtorch;

/// <summary>The thread count belongs to the process, so this runs alone.</summary>
[Collection(WholeProcess.Name)]
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
}
