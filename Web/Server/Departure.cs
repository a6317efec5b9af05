namespace Dashboard.Web.Server;

/// <summary>
/// The end of the server: orderly where it can be, and soon in any case. Nothing is lost by it: the run folders are the truth, and the index is made
/// of them.
/// </summary>
internal static class Departure
{
    /// <summary>For requests that go on and connections that are open.</summary>
    public static readonly TimeSpan OfRequests = TimeSpan.FromSeconds(2);

    /// <summary>From the signal on; whoever stops the server (systemd, a person) waits for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Ends the process where it has not ended by itself in time: something hangs on a disk or a lock.</summary>
    public static IDisposable Within(TimeSpan patience, IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStopping.Register(() => new Thread(() =>
        {
            Thread.Sleep(patience);
            Console.Error.WriteLine($"The dashboard did not end within {patience.TotalSeconds:0} s and is ended now. Runs are not affected.");
            Environment.Exit(0);
        }) { IsBackground = true, Name = "departure" }.Start());
}
