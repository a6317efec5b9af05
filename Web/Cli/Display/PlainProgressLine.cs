using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Display;

/// <summary>For a file or another program: a line for every stage and epoch, and every ten seconds.</summary>
internal sealed class PlainProgressLine(TextWriter output, TimeProvider time) : IProgressLine
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly Lock _sync = new();
    private (string Stage, int Epoch)? _shown;
    private long _written;

    public void Show(RunProgress progress, string text)
    {
        lock (_sync)
        {
            if (_shown == (progress.Stage, progress.Epoch) && time.GetElapsedTime(_written) < Pace)
                return;
            (_shown, _written) = ((progress.Stage, progress.Epoch), time.GetTimestamp());
            output.WriteLine(text);
        }
    }

    public void Say(string line)
    {
        lock (_sync)
            output.WriteLine(line);
    }

    public void Dispose()
    {
    }
}
