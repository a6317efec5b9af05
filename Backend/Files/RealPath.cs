namespace Dashboard.Backend.Files;

/// <summary>A path without "..", "." and symbolic links, as the kernel would walk it; the end of it need not exist.</summary>
public static class RealPath
{
    /// <summary>More links than the kernel follows: a loop.</summary>
    private const int MaxLinks = 40;

    /// <exception cref="IOException">The links go round in a circle.</exception>
    public static string Of(string path)
    {
        var links = 0;
        var rest = new Stack<string>(Parts(Path.GetFullPath(path)));
        var real = "/";
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MaxLinks)
                throw new IOException($"{path}: the symbolic links in it go round in a circle.");
            if (Path.IsPathRooted(target))
                real = "/";
            foreach (var step in Parts(target))
                rest.Push(step);
        }
        return real;
    }

    /// <summary>Last part first, as a stack wants them.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();
}
