using Dashboard.Backend.Files;

namespace Dashboard.Web.Access;

/// <summary>The folders that a browser may name paths in: <c>Dashboard:Roots</c>, the data folder and the configured data sets.</summary>
public sealed class AllowedRoots(IEnumerable<string> roots)
{
    private readonly IReadOnlyList<string> _roots = [.. roots.Select(RealPath.Of)];

    public IReadOnlyList<string> All => _roots;

    /// <summary>Symbolic links and ".." are resolved before comparing.</summary>
    /// <returns>Null when the path is allowed; otherwise a sentence that says why not and what to do.</returns>
    public string? Refuse(string? path)
    {
        if (path is null || !Path.IsPathFullyQualified(path) || path.Contains('\0'))
            return $"'{path}' is not an absolute path.";
        string real;
        try
        {
            real = RealPath.Of(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"'{path}' cannot be followed to where it leads: {error.Message}";
        }
        return _roots.Any(root => real == root || real.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
            ? null
            : $"'{path}' lies outside the folders that pages may name ({string.Join(", ", _roots)}). Add its folder to Dashboard:Roots in "
                + "appsettings.json and restart, or use the command line.";
    }
}
