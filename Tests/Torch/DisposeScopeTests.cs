using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

public sealed class DisposeScopeTests
{
    [Fact]
    public void Dispose_FreesWhatWasMadeInside()
    {
        Tensor inside;
        using (NewDisposeScope()) inside = zeros(2);
        Assert.True(inside.IsInvalid);
    }

    [Fact]
    public void MoveToOuter_OutlivesItsScopeButNotTheOuter()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope()) moved = inner.MoveToOuter(zeros(2));
            Assert.False(moved.IsInvalid);
        }
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void MoveToOuterDisposeScope_FromTheOutermost_BelongsToTheCaller()
    {
        Tensor moved;
        using (NewDisposeScope()) moved = zeros(2).MoveToOuterDisposeScope();
        Assert.False(moved.IsInvalid);
        moved.Dispose();
    }

    [Fact]
    public void Detach_OutlivesAllScopes()
    {
        Tensor detached;
        using (NewDisposeScope())
        using (NewDisposeScope())
            detached = zeros(2).DetachFromDisposeScope();
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void DisposeEverythingBut_KeepsTheNamedUntilTheEnd()
    {
        Tensor kept, lost;
        using (var scope = NewDisposeScope())
        {
            kept = zeros(2);
            lost = zeros(2);
            scope.DisposeEverythingBut(kept);
            Assert.False(kept.IsInvalid);
            Assert.True(lost.IsInvalid);
            Assert.Equal(1, scope.DisposablesCount);
        }
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void Scopes_AreThreadLocal()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = zeros(2));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(other!));
        Assert.Equal(0, scope.DisposablesCount);
        other!.Dispose();
    }

    [Fact]
    public void WrappedScope_KeepsOnlyTheResult()
    {
        using var scope = NewDisposeScope();
        var result = WrappedTensorDisposeScope(() => (zeros(2) + 1) * 3);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal(6f, result.sum().item<float>());
    }

    [Fact]
    public void Statistics_CountThisThreadsLiveTensors()
    {
        OnFreshThread(() =>
        {
            Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            using (NewDisposeScope())
            {
                var x = zeros(2);
                zeros(2).Dispose();
                Assert.Equal(1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            }
            Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            var outside = zeros(2);
            Assert.Equal(1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            outside.Dispose();
            Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        });
    }

    private static void OnFreshThread(Action body)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try { body(); }
            catch (Exception error) { failure = error; }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw failure;
    }
}
