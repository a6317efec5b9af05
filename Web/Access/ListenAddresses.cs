using System.Net;

namespace Dashboard.Web.Access;

/// <summary>The addresses the server listens on, as given with <c>--urls</c>.</summary>
public sealed class ListenAddresses
{
    /// <exception cref="FormatException">An address is not of the form http://host:port.</exception>
    public ListenAddresses(string urls)
    {
        All = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (All.Count == 0)
            throw new FormatException("--urls names no address. Give for example http://127.0.0.1:5080.");
        foreach (var url in All)
            if (!Uri.TryCreate(Plain(url), UriKind.Absolute, out var uri) || uri.Scheme != "http")
                throw new FormatException($"--urls: '{url}' is not an address of the form http://host:port, for example {Server.ServeOptions.DefaultUrls}. (For https put a reverse proxy in front.)");
    }

    public IReadOnlyList<string> All { get; }

    /// <summary>True when only this machine can connect: then no token is asked for.</summary>
    public bool LoopbackOnly => All.All(url => IsLoopback(new Uri(Plain(url)).Host));

    /// <summary>localhost, 127.0.0.0/8 or ::1.</summary>
    public static bool IsLoopback(string host)
    {
        host = host.Trim('[', ']');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
    }

    /// <summary>Kestrel's wildcards are no host names to <see cref="Uri"/>.</summary>
    private static string Plain(string url) => url.Replace("//*", "//0.0.0.0").Replace("//+", "//0.0.0.0");
}
