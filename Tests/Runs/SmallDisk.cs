using System.Diagnostics;

namespace Dashboard.Tests.Runs;

/// <summary>A disk of one megabyte. Mounting it takes root.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    public static SmallDisk Mount(string path)
    {
        Assert.Equal(0, Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path));
        return new SmallDisk(path);
    }

    /// <summary>To the last block.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                filler.Write(block);
        }
        catch (IOException error) when (Backend.Files.DiskFull.Is(error))
        {
            // As wanted.
        }
    }

    public void Free() => File.Delete(Filler);

    private string Filler => Path.Combine(_path, "filler");

    public void Dispose() => Run("umount", "--lazy", _path);

    /// <summary>Tried, not asked: root inside a container may not be allowed to mount.</summary>
    internal static bool CanMount()
    {
        var path = Directory.CreateTempSubdirectory("dashboard-disk-").FullName;
        try
        {
            using (Mount(path))
                return true;
        }
        catch (Exception error) when (error is Xunit.Sdk.XunitException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
        finally
        {
            Directory.Delete(path);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>Skipped, visibly, where no small disk can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(SmallDisk.CanMount);

    public SmallDiskFactAttribute()
    {
        if (!CanMount.Value)
            Skip = "A small disk cannot be mounted here: that takes root.";
    }
}
