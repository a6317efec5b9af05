using Dashboard.Domain.Runs;
using Spectre.Console;

namespace Dashboard.Web.Cli.Display;

/// <summary>A bar below the lines of a terminal, redrawn in place and gone in the end.</summary>
internal sealed class ProgressBarLine(IAnsiConsole terminal) : IProgressLine
{
    private const int BarWidth = 24;

    private readonly TaskCompletionSource _ended = new();
    private readonly Lock _sync = new();
    private ProgressTask? _bar;
    private Task _drawing = Task.CompletedTask;

    public void Show(RunProgress progress, string text)
    {
        lock (_sync)
        {
            _bar ??= Begin(Markup.Escape(text));
            _bar.MaxValue = Math.Max(1, progress.Steps);
            _bar.Value = progress.Step;
            _bar.Description = Markup.Escape(text);
        }
    }

    /// <summary>Above the bar, which breaks lines at the terminal's width; without one, a path stays whole.</summary>
    public void Say(string line)
    {
        lock (_sync)
            if (_bar is null)
                Console.Error.WriteLine(line);
            else
                terminal.WriteLine(line);
    }

    public void Dispose()
    {
        _ended.TrySetResult();
        _drawing.GetAwaiter().GetResult();
    }

    private ProgressTask Begin(string text)
    {
        var begun = new TaskCompletionSource<ProgressTask>();
        _drawing = terminal.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = BarWidth }, new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                // Its end is the run's: a stage that is done is followed by another.
                begun.SetResult(context.AddTask(text));
                await _ended.Task;
            });
        return begun.Task.GetAwaiter().GetResult();
    }
}
