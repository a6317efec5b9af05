using System.Text;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Text;

namespace Dashboard.Backend.Datasets.Folders;

/// <summary>
/// The files of a folder by identifier, which is the name without extension: one rule for images, masks and annotations. A name that a Mac has spelt
/// with its accents apart is found by the name with its accents on, and the other way round.
/// </summary>
internal sealed class FileIndex
{
    private readonly Dictionary<string, List<string>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unread = new(StringComparer.Ordinal);

    private FileIndex(string folder, IEnumerable<string> files, IEnumerable<string> unread)
    {
        Folder = folder;
        foreach (var file in files)
        {
            var key = Key(Path.GetFileNameWithoutExtension(file));
            if (_files.TryGetValue(key, out var same))
                same.Add(file);
            else
                _files[key] = [file];
        }
        foreach (var file in unread)
            _unread.TryAdd(Key(Path.GetFileNameWithoutExtension(file)), file);
    }

    public string Folder { get; }

    /// <summary>In ordinal order.</summary>
    public IEnumerable<string> Ids => _files.Values.Select(files => Path.GetFileNameWithoutExtension(files[0])!).Order(StringComparer.Ordinal);

    public int Count => _files.Count;

    /// <summary>Images of formats that are not read.</summary>
    public IReadOnlyCollection<string> Unread => _unread.Values;

    /// <summary>Every image; of those of one identifier in ordinal order.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static FileIndex OfImages(string folder)
    {
        var files = FolderFiles.Of(folder);
        return new(folder, files.Where(ImageExtensions.IsReadable), files.Where(ImageExtensions.IsUnread));
    }

    /// <summary>As <see cref="OfImages"/>; of those of one identifier the PNG file first, which loses nothing.</summary>
    public static FileIndex OfMasks(string folder)
    {
        var files = FolderFiles.Of(folder);
        return new(folder, files.Where(ImageExtensions.IsReadable).OrderBy(file => !FolderFiles.HasExtension(file, ".png")),
            files.Where(ImageExtensions.IsUnread));
    }

    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static FileIndex Of(string folder, string extension) => new(folder, FolderFiles.Of(folder, extension), []);

    /// <summary>Null where there is none.</summary>
    public string? Find(string id) => _files.GetValueOrDefault(Key(id))?[0];

    /// <summary>All files of an identifier; more than one where their extensions differ.</summary>
    public IReadOnlyList<string> All(string id) => _files.GetValueOrDefault(Key(id)) ?? [];

    /// <summary>The image of a format that is not read; null where there is none.</summary>
    public string? FindUnread(string id) => _unread.GetValueOrDefault(Key(id));

    /// <summary>
    /// The identifier that a name in a list stands for: an identifier, a file name with any image extension, or a path to one. Null where there is no
    /// such file.
    /// </summary>
    public string? IdOf(string name)
    {
        var file = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return IdOfExact(name) ?? IdOfExact(file) ?? IdOfExact(ImageExtensions.Stem(file));
    }

    /// <summary>As <see cref="IdOf"/>, of an identifier alone.</summary>
    public string? IdOfExact(string id) =>
        (_files.TryGetValue(Key(id), out var files) ? files[0] : _unread.GetValueOrDefault(Key(id))) is { } path
            ? Path.GetFileNameWithoutExtension(path)
            : null;

    private static string Key(string id) => Ascii.IsValid(id) ? id : AccentComposition.Compose(id);
}
