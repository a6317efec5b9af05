namespace Dashboard.Backend.Libtorch;

/// <summary>Where libtorch's libraries lie.</summary>
/// <param name="Path">The folder that holds libtorch_cpu.so.</param>
/// <param name="Remedy">What to do where the libraries in it will not do.</param>
internal sealed record LibtorchFolder(string Path, string Remedy)
{
    /// <summary>The variable that names another libtorch than the program's own.</summary>
    public const string Variable = "DASHBOARD_LIBTORCH";

    private const string MainName = "libtorch_cpu.so";
    private const string CudaName = "libtorch_cuda.so";

    public string MainLibrary => System.IO.Path.Combine(Path, MainName);

    public bool HasCuda => File.Exists(System.IO.Path.Combine(Path, CudaName));

    /// <summary>The folder that the variable names, else the program's own.</summary>
    /// <param name="named">The variable's value: the folder of an installed PyTorch (site-packages/torch) or the folder lib in it.</param>
    /// <param name="program">The folder of the program.</param>
    /// <exception cref="LibtorchException">There is no libtorch.</exception>
    public static LibtorchFolder Find(string? named, string program)
    {
        if (!string.IsNullOrWhiteSpace(named))
        {
            var remedy =
                $"let {Variable} name the folder of an installed PyTorch, such as /opt/venv/lib/python3.12/site-packages/torch, or leave it out";
            return First([named, System.IO.Path.Combine(named, "lib")], remedy)
                ?? throw new LibtorchException($"{Variable} names {named}, but {MainName} is neither in it nor in its folder lib: {remedy}.");
        }
        const string build = "build the dashboard again with ./run";
        // The package for CUDA puts its libraries beside the program.
        return First([System.IO.Path.Combine(program, "libtorch"), program], build)
            ?? throw new LibtorchException($"{MainName} is not in {System.IO.Path.Combine(program, "libtorch")}: {build}.");
    }

    /// <summary>This folder and, for the libtorch of a PyTorch that pip installed, the folders of the NVIDIA libraries beside it.</summary>
    public IReadOnlyList<string> LibraryFolders()
    {
        var nvidia = new DirectoryInfo(System.IO.Path.Combine(Path, "..", "..", "nvidia"));
        var packages =
            nvidia.Exists ? nvidia.GetDirectories().OrderBy(package => package.Name, StringComparer.Ordinal) : Enumerable.Empty<DirectoryInfo>();
        return [Path, .. packages.Select(package => System.IO.Path.Combine(package.FullName, "lib")).Where(Directory.Exists)];
    }

    /// <summary>What libLibTorchSharp.so stands on, and what registers CUDA with it.</summary>
    public IEnumerable<string> Libraries() =>
        new[] { MainName }.Concat(HasCuda ? [CudaName] : []).Append("libtorch.so").Select(name => System.IO.Path.Combine(Path, name));

    private static LibtorchFolder? First(IEnumerable<string> folders, string remedy) =>
        folders.Where(folder => File.Exists(System.IO.Path.Combine(folder, MainName)))
            .Select(folder => new LibtorchFolder(System.IO.Path.GetFullPath(folder), remedy))
            .FirstOrDefault();
}
