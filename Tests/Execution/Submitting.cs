using Dashboard.Backend.Execution;

namespace Dashboard.Tests.Execution;

/// <summary>For tests, which have nothing else to do meanwhile.</summary>
internal static class Submitting
{
    public static RunSummary Submit(this IRunQueue queue, RunRequest request) => queue.SubmitAsync(request).GetAwaiter().GetResult();
}
