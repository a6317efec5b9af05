using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;


namespace Dashboard.Tests.Runs;

/// <summary>For tests, which have nothing else to do meanwhile.</summary>
internal static class Submitting
{
    public static RunSummary Submit(this IRunQueue queue, RunRequest request) => queue.SubmitAsync(request).GetAwaiter().GetResult();
}
