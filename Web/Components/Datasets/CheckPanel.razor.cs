using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Datasets;

public sealed partial class CheckPanel : IDisposable
{
    /// <summary>More rows than anybody reads; a browser still scrolls through them.</summary>
    private const int MaxShown = 500;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    private CancellationTokenSource? _work;
    private WorkProgress? _progress;
    private DatasetReport? _report;

    [Parameter, EditorRequired] public required IImageDataset Dataset { get; set; }

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private async Task CheckAsync()
    {
        if (_work is not null)
            return;
        using var work = new CancellationTokenSource();
        (_work, _progress) = (work, null);
        // Drawn at a steady pace, however quickly files are done.
        await using var redraw = Clock.CreateTimer(_ => InvokeAsync(StateHasChanged), null, Redraw, Redraw);
        try
        {
            _report = await Task.Run(() => DatasetCheck.Run(Dataset, new Latest(this), work.Token), work.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped by the person, or the page was left.
        }
        finally
        {
            _work = null;
        }
    }

    public void Dispose() => _work?.Cancel();

    private sealed class Latest(CheckPanel panel) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => panel._progress = value;
    }
}
