using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;

namespace Dashboard.Tests.Execution.Queue;

public sealed class BatchFitTests
{
    private readonly List<int> _tried = [];

    [Theory]
    [InlineData(1000, 100)]
    [InlineData(307, 1)]
    [InlineData(330, 4)]
    public async Task Find_MemoryGrowsInALine_ComesCloseAndNeverBeyond(long limit, int largest)
    {
        var fit = new BatchFit(batch => Tell(batch, 300 + (7 * batch)), limit);

        var found = await fit.FindAsync(most: 5000);

        Assert.InRange(found!.Value.Batch, largest - (largest / 16), largest);
        Assert.All(_tried.Where(batch => batch > 2), batch => Assert.True(batch <= largest, $"{batch} would not have fitted"));
        Assert.InRange(_tried.Count, 1, 8);
    }

    /// <summary>As on a GPU whose driver tells nothing: what does not fit is only found by trying.</summary>
    [Fact]
    public async Task Find_MemoryRunsOut_HalvesWhatIsLeft()
    {
        var found = await new BatchFit(batch => batch > 37 ? Task.FromResult<DryRunReport?>(null) : Tell(batch, 300 + (7 * batch)), long.MaxValue)
            .FindAsync(most: 5000);

        Assert.InRange(found!.Value.Batch, 35, 37);
    }

    [Fact]
    public async Task Find_EverythingFits_TakesAllImages() =>
        Assert.Equal(48, (await new BatchFit(batch => Tell(batch, 300), long.MaxValue).FindAsync(most: 48))!.Value.Batch);

    [Fact]
    public async Task Find_OneByteAnImage_IsForetoldWithoutOverflow() =>
        Assert.Equal(48, (await new BatchFit(batch => Tell(batch, 300 + batch), long.MaxValue).FindAsync(most: 48))!.Value.Batch);

    [Fact]
    public async Task Find_MoreThanThereAreImages_IsNeverTried()
    {
        var fit = new BatchFit(batch => Tell(batch, 300 + (7 * batch), images: 48), long.MaxValue);

        Assert.Equal(48, (await fit.FindAsync(most: 5000))!.Value.Batch);
        Assert.Equal(48, _tried.Max());
    }

    [Fact]
    public async Task Find_NotEvenOneImageFits_SaysSo() =>
        Assert.Null(await new BatchFit(_ => Task.FromResult<DryRunReport?>(null), long.MaxValue).FindAsync(most: 48));

    private Task<DryRunReport?> Tell(int batch, long memory, int? images = null)
    {
        _tried.Add(batch);
        return Task.FromResult<DryRunReport?>(new(0.1, memory, 10, 1) { StepsPerEpoch = images / batch });
    }
}
