using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dashboard.Backend.Libtorch;

/// <summary>
/// TorchSharp's libLibTorchSharp.so for systems whose libstdc++ is older than GCC 13's, such as those of Debian 12 and Ubuntu 22.04. The file asks
/// for version GLIBCXX_3.4.32 of libstdc++ for the sake of one symbol: a function without arguments or result that makes the standard streams ready,
/// which libtorch's own libraries, loaded before, have seen to. In a copy, the version is marked as one that may be missing, the symbol as one
/// without a version, and its name is replaced by that of a function of libc that does no harm. When the package is built for older systems again,
/// this class can go.
/// </summary>
internal static partial class OlderStandardLibrary
{
    internal const string Version = "GLIBCXX_3.4.32";
    internal const string Symbol = "_ZSt21ios_base_library_initv";
    internal const string HarmlessSymbol = "tzset";
    private const ushort MayBeMissing = 2;
    private const ushort NoVersion = 1;

    /// <summary>Whether this is what the system's loader has to say of the file on such a system.</summary>
    public static bool IsAtFault(string error) => error.Contains($"version `{Version}' not found", StringComparison.Ordinal);

    /// <summary>
    /// The copy, in memory and for as long as this process lives. Nothing is written beside the program, which may belong to somebody else, and
    /// workers that start together do not meet.
    /// </summary>
    /// <returns>A path by which this process can open it.</returns>
    /// <exception cref="LibtorchException">The file is not the one known here, or the system makes no files in memory.</exception>
    public static string CopyOf(string path)
    {
        var file = File.ReadAllBytes(path);
        Edit(file, path);
        const uint closeOnExec = 1;
        var descriptor = memfd_create(Path.GetFileName(path), closeOnExec);
        if (descriptor < 0)
            throw new LibtorchException(
                $"{path} needs {Version} of libstdc++, which this system lacks, and a copy that does without it cannot be made in memory "
                + $"({Marshal.GetLastPInvokeErrorMessage()}): use Debian 13, Ubuntu 24.04 or a newer system.");
        // It stays open: its number is part of the path, and the loader takes two equal paths for one library.
        using var copy = new SafeFileHandle(descriptor, ownsHandle: false);
        RandomAccess.Write(copy, file, 0);
        return $"/proc/self/fd/{descriptor}";
    }

    /// <summary>Makes the three edits.</summary>
    /// <exception cref="LibtorchException">The file is not the one known here: this symbol, and no other, must be of this version.</exception>
    internal static void Edit(byte[] file, string path)
    {
        try
        {
            var versions = new SymbolVersions(file);
            var need = versions.Need(Version);
            var symbols = versions.SymbolsOf(need);
            if (symbols.Count != 1)
                throw new InvalidDataException($"{symbols.Count} of its symbols are of this version, where one was expected");
            var (version, name) = symbols[0];
            if (versions.Text(name) != Symbol)
                throw new InvalidDataException($"the symbol of this version is {versions.Text(name)}, not {Symbol}");

            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(need + 4), (ushort)(versions.UInt16(need + 4) | MayBeMissing));
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(version), NoVersion);
            System.Text.Encoding.ASCII.GetBytes($"{HarmlessSymbol}\0").CopyTo(file, name);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new LibtorchException($"{path} needs {Version} of libstdc++, which this system lacks, and is not the file that can do without it "
                + $"({(error is InvalidDataException ? error.Message : "it cannot be read")}): use Debian 13, Ubuntu 24.04 or a newer system, or "
                + "the package TorchSharp 0.107.0.");
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int memfd_create(string name, uint flags);
}
