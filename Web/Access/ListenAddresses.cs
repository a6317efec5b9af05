using System.Net;

namespace Dashboard.Web.Access;

/// <summary>
/// The addresses that the server is told to listen on, by the command line or the configuration. Which ones it really has, <see cref="Reach"/> knows.
/// </summary>
public static class ListenAddresses
{
    /// <param name="urls">Separated by semicolons.</param>
    /// <exception cref="FormatException">An address is not of the form http://host:port.</exception>
    public static IReadOnlyList<string> Parse(string urls)
    {
        var all = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (all.Length == 0)
            throw new FormatException("--urls names no address. Give for example http://127.0.0.1:5080.");
        foreach (var url in all)
            if (!Uri.TryCreate(Plain(url), UriKind.Absolute, out var uri) || uri.Scheme != "http")
                throw new FormatException(
                    $"--urls: '{url}' is not an address of the form http://host:port, for example {Server.ServeOptions.DefaultUrls}. (For https "
                    + "put a reverse proxy in front.)");
        return all;
    }

    /// <summary>
    /// Whether only this machine can connect to an address. Whoever may open a Unix socket, such as a proxy, may pass on requests of others.
    /// </summary>
    public static bool IsLoopbackUrl(string url) =>
        Uri.TryCreate(Plain(url), UriKind.Absolute, out var uri) && !uri.Host.Equals("unix", StringComparison.OrdinalIgnoreCase)
            && IsLoopback(uri.Host);

    /// <summary>localhost, 127.0.0.0/8 or ::1.</summary>
    public static bool IsLoopback(string host)
    {
        host = host.Trim('[', ']');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
    }

    /// <summary>Kestrel's wildcards are not host names to <see cref="Uri"/>.</summary>
    private static string Plain(string url) => url.Replace("//*", "//0.0.0.0").Replace("//+", "//0.0.0.0");
}
