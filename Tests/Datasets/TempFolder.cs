namespace Dashboard.Tests.Datasets;

/// <summary>A folder of its own for one test.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder()
        : this(Directory.CreateTempSubdirectory("dashboard-test-").FullName)
    {
    }

    /// <param name="path">Where it is to lie.</param>
    public TempFolder(string path) => Path = Directory.CreateDirectory(path).FullName;

    public string Path { get; }

    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a text file and the folders above it.</summary>
    public string Write(string relative, string text)
    {
        var path = File(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
