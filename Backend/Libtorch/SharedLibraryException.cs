namespace Dashboard.Backend.Libtorch;

/// <summary>What the system's loader said of a library, in its own words.</summary>
internal sealed class SharedLibraryException(string path, string error) : Exception(error)
{
    /// <summary>The library that was opened; the one at fault may be another, which it needs.</summary>
    public string Path { get; } = path;
}
