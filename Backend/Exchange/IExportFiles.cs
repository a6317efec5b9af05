using System.IO.Compression;

namespace Dashboard.Backend.Exchange;

/// <summary>Where the files of an export go.</summary>
internal interface IExportFiles
{
    /// <param name="name">Relative, with slashes.</param>
    /// <param name="isPacked">Whether its bytes are compressed already.</param>
    void Add(string name, bool isPacked, Action<Stream> write);
}

/// <summary>Into a folder.</summary>
internal sealed class FolderFiles(string folder) : IExportFiles
{
    public void Add(string name, bool isPacked, Action<Stream> write)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        write(file);
    }
}

/// <summary>Into a zip archive, which need not be able to seek.</summary>
internal sealed class ZipFiles(Stream stream) : IExportFiles, IDisposable
{
    private readonly ZipArchive _zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);

    public void Add(string name, bool isPacked, Action<Stream> write)
    {
        using var entry = _zip.CreateEntry(name, isPacked ? CompressionLevel.NoCompression : CompressionLevel.Fastest).Open();
        write(entry);
    }

    public void Dispose() => _zip.Dispose();
}
