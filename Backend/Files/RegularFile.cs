using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dashboard.Backend.Files;

/// <summary>
/// Opens files that users give, and regular ones only: to open a named pipe waits for a writer that never comes, and a device has no end. A link is
/// held to where it leads.
/// </summary>
public static unsafe partial class RegularFile
{
    private const int CurrentDirectory = -100;
    private const uint TypeOnly = 1;

    // Of struct statx, the same on every processor.
    private const int StatxLength = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;

    /// <exception cref="UnreadableFileException">It is something else: says what.</exception>
    /// <exception cref="IOException">It is missing, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        Require(path);
        return File.OpenRead(path);
    }

    /// <inheritdoc cref="OpenRead"/>
    public static SafeFileHandle OpenHandle(string path)
    {
        Require(path);
        return File.OpenHandle(path);
    }

    /// <param name="most">Bytes that such a file has at most.</param>
    /// <param name="what">What it should be: "a configuration".</param>
    /// <inheritdoc cref="OpenRead"/>
    public static byte[] ReadAllBytes(string path, long most, string what)
    {
        using var file = OpenRead(path);
        RequireLength(path, file.Length, most, what);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Opens nothing, and waits for nothing but the disk.</summary>
    /// <exception cref="UnreadableFileException">What is there is no regular file. What is missing is for those to tell who open it.</exception>
    public static void Require(string path)
    {
        if (path.Contains('\0'))
            throw new UnreadableFileException($"'{path.Replace('\0', '?')}' has a NUL character in it, which no file name has. Correct the name.");
        var result = stackalloc byte[StatxLength];
        if (Statx(CurrentDirectory, path, 0, TypeOnly, result) != 0)
            return;
        var kind = (BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(result + ModeOffset, 2)) & TypeMask) switch
        {
            0x8000 => null,
            0x4000 => "a folder",
            0x1000 => "a named pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => "something else",
        };
        if (kind is not null)
            throw new UnreadableFileException($"{path} is {kind}, not a file. Put the file itself there.");
    }

    /// <exception cref="UnreadableFileException">It is longer.</exception>
    internal static void RequireLength(string path, long length, long most, string what)
    {
        if (length > most)
            throw new UnreadableFileException($"{path} has {length >> 20:N0} MB; {what} has at most {most >> 20:N0} MB. Give the right file.");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* result);
}
