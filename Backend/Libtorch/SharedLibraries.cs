using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Dashboard.Backend.Libtorch;

/// <summary>Opens shared libraries by their path, and first those they need that the system does not find by itself.</summary>
/// <param name="folders">
/// Where needed libraries may lie. The variable LD_LIBRARY_PATH, which does the same, would have to be set before the process starts.
/// </param>
internal sealed partial class SharedLibraries(IReadOnlyList<string> folders)
{
    private const int Now = 2;
    private const int Global = 0x100;
    private readonly HashSet<string> _opened = [];

    /// <summary>Opens a library with everything in it bound, so that a missing symbol is found here and not when it is called.</summary>
    /// <exception cref="SharedLibraryException">The system's loader refuses it.</exception>
    public nint Open(string path)
    {
        while (true)
        {
            // Called before, too: .NET looks a function up on its first call, and that clears the error.
            _ = dlerror();
            var handle = dlopen(path, Now | Global);
            if (handle != 0)
                return handle;
            var error = Marshal.PtrToStringUTF8(dlerror()) ?? $"{path} cannot be opened";
            if (Find(MissingLibrary(error)) is not { } needed || !_opened.Add(needed))
                throw new SharedLibraryException(path, error);
            Open(needed);
        }
    }

    private string? Find(string? name) => name is null ? null : folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <returns>The library that the loader looked for in vain; null where it complains of something else.</returns>
    internal static string? MissingLibrary(string error) => NotFound().Match(error) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^([^/:\s]+): cannot open shared object file")]
    private static partial Regex NotFound();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string path, int flags);

    [LibraryImport("libc")]
    private static partial nint dlerror();
}
