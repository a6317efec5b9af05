using Dashboard.Backend.Files;
using Microsoft.Win32.SafeHandles;

namespace Dashboard.Backend.Images;

/// <summary>An image file that has been opened: its header is known before its pixels are asked for.</summary>
internal sealed class ImageSource : IDisposable
{
    /// <summary>Enough for the header of most files.</summary>
    private const int HeaderBytes = 64 << 10;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private byte[] _start;

    private ImageSource(string path, SafeFileHandle file)
    {
        (_path, _file, Length) = (path, file, RandomAccess.GetLength(file));
        if (Length > ImageLimits.Default.MaxFileBytes)
            throw new ImageException($"{path} has {Length >> 20} MB; the limit for an image file is {ImageLimits.Default.MaxFileBytes >> 20} MB.");
        _start = ReadBytes(Math.Min(Length, HeaderBytes));
        Info = ReadInfo();
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    public ImageInfo Info { get; }

    /// <exception cref="ImageException">The file cannot be read, is too large, or has no sound header.</exception>
    public static ImageSource Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = RegularFile.OpenHandle(path);
            return new(path, file);
        }
        catch (Exception error)
        {
            file?.Dispose();
            if (error is IOException or UnauthorizedAccessException or NotSupportedException)
                throw new ImageException(error is UnreadableFileException ? error.Message : $"{path} cannot be read: {error.Message}", error);
            throw;
        }
    }

    /// <exception cref="ImageException">The file has become shorter, or can no longer be read.</exception>
    public byte[] ReadAll() => _start.Length == Length ? _start : ReadBytes(Length);

    public void Dispose() => _file.Dispose();

    private ImageInfo ReadInfo()
    {
        try
        {
            return ImageFile.Codec.ReadInfo(_start, _path, ImageLimits.Default);
        }
        catch (ImageException) when (_start.Length < Length)
        {
            // A large profile or thumbnail before the image's own header.
            return ImageFile.Codec.ReadInfo(_start = ReadBytes(Length), _path, ImageLimits.Default);
        }
    }

    private byte[] ReadBytes(long count)
    {
        try
        {
            var bytes = new byte[count];
            for (int done = 0, read; done < bytes.Length; done += read)
                if ((read = RandomAccess.Read(_file, bytes.AsSpan(done), done)) == 0)
                    throw new ImageException($"{_path} shrank while it was read.");
            return bytes;
        }
        catch (IOException error)
        {
            throw new ImageException($"{_path} cannot be read: {error.Message}", error);
        }
    }
}
