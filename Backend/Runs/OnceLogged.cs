using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Runs;

/// <summary>
/// A warning about something that is tried again and again: given once, and again only when it is a different one or has come back.
/// </summary>
public sealed class OnceLogged(ILogger log)
{
    private string? _said;

    public void Warn(string message)
    {
        if (Interlocked.Exchange(ref _said, message) != message)
            log.LogWarning("{Message}", message);
    }

    /// <summary>All is well again.</summary>
    public void Clear() => Volatile.Write(ref _said, null);
}
