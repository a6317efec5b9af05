using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Files;

/// <summary>Who holds a <see cref="Lease"/>.</summary>
/// <param name="Since">By the holder's clock: for people.</param>
/// <param name="Seconds">It has lost the lease to whoever sees it unchanged for this long.</param>
/// <param name="Mark">Equal to that of no other lease.</param>
public sealed record LeaseHolder(ProcessIdentity Process, DateTimeOffset Since, double Seconds, string Mark)
{
    internal TimeSpan Length => TimeSpan.FromSeconds(Math.Clamp(Seconds, 0, 3600));
}

/// <summary>One NAME.N.json as it was last read.</summary>
/// <param name="Holder">Null where the lease was given back, or the file says nothing that can be read.</param>
/// <param name="Sign">Another one whenever the file was renewed.</param>
internal sealed partial record LeaseFile(string Path, int Number, LeaseHolder? Holder, string Sign)
{
    /// <summary>Bytes.</summary>
    private const int Longest = 1 << 16;

    private const int ErrorExists = 17;

    /// <summary>The one of the highest number; null where there is none.</summary>
    public static LeaseFile? Last(string folder, string name)
    {
        var (number, path) = Numbered(folder, name).DefaultIfEmpty().MaxBy(file => file.Number);
        return path is null ? null : Read(path, number);
    }

    /// <summary>Makes the file of a number, for one process alone: whole, with all that it says.</summary>
    /// <returns>False where another one was first.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    public static bool Make(string folder, string name, int number, byte[] content)
    {
        var path = PathOf(folder, name, number);
        var aside = $"{path}.{Environment.MachineName}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new";
        try
        {
            File.WriteAllBytes(aside, content);
            // It is there for all hosts at once, and for one maker alone. File.Move would look first and rename then, over what has come meanwhile.
            if (Link(aside, path) == 0)
                return true;
            if (Marshal.GetLastPInvokeError() != ErrorExists)
            {
                // A file system without hard links.
                File.Move(aside, path, overwrite: false);
                return true;
            }
            // A file server may have linked it, and its answer have been lost.
            return content.Length > 0 && Bytes(path).AsSpan().SequenceEqual(content);
        }
        catch (IOException error) when (error is FileNotFoundException || File.Exists(path))
        {
            // Another one was first, and may be on its way out already.
            return false;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Their holders have lost the lease.</summary>
    public static void RemoveBefore(string folder, string name, int number)
    {
        foreach (var (_, path) in Numbered(folder, name).Where(file => file.Number < number).ToList())
            File.Delete(path);
    }

    public static string PathOf(string folder, string name, int number) =>
        System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{number}.json"));

    public static LeaseFile Read(string path, int number)
    {
        try
        {
            // A pipe that somebody has put here has no length, and to open it would wait for a writer.
            if (new FileInfo(path).Length == 0)
                return new(path, number, null, "");
            // Opened, because that is when a network file system asks its server what the file is now.
            using var file = Open(path, FileAccess.Read);
            var bytes = Bytes(file);
            return new(path, number, JsonSerializer.Deserialize<LeaseHolder>(bytes, RunJson.Strict),
                string.Create(CultureInfo.InvariantCulture, $"{File.GetLastWriteTimeUtc(file).Ticks} {Convert.ToHexString(bytes)}"));
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            return new(path, number, null, "");
        }
    }

    public static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string path, FileAccess access) =>
        File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);

    public static byte[] Bytes(string path)
    {
        using var file = Open(path, FileAccess.Read);
        return Bytes(file);
    }

    private static byte[] Bytes(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var bytes = new byte[Math.Min(RandomAccess.GetLength(file), Longest)];
        return bytes[..RandomAccess.Read(file, bytes, 0)];
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string made);

    private static IEnumerable<(int Number, string Path)> Numbered(string folder, string name) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, name + ".*.json")
            .Select(path => (NumberOf(System.IO.Path.GetFileName(path)[(name.Length + 1)..^".json".Length]), path))
            .Where(file => file.Item1 > 0)
        : [];

    private static int NumberOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < int.MaxValue ? number : 0;
}
