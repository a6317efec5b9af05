using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Dashboard.Backend.Libtorch;

/// <summary>
/// The libtorch of this process. It is loaded once, on the first use of TorchSharp or by <see cref="Load"/>, which is also what tells in one sentence
/// why it cannot be. Nothing else knows of its files, versions and distributions.
/// </summary>
public sealed class LoadedLibtorch
{
    private const string Binding = "libLibTorchSharp.so";
    private static readonly Lazy<LoadedLibtorch> Loaded =
        new(() => new LoadedLibtorch(Environment.GetEnvironmentVariable(LibtorchFolder.Variable), AppContext.BaseDirectory));

    private LoadedLibtorch(string? named, string program)
    {
        // Read by the OpenMP library when it is loaded. Its idle threads spin a thousand times before they sleep, so that the next operator need not
        // wake them; longer, and they would keep other runs from the cores (bench/waiting).
        NativeEnvironment.SetDefault("OMP_WAIT_POLICY", "PASSIVE");
        NativeEnvironment.SetDefault("GOMP_SPINCOUNT", "1000");
        var folder = LibtorchFolder.Find(named, program);
        var libraries = new SharedLibraries(folder.LibraryFolders());
        foreach (var library in folder.Libraries())
            Open(libraries, library, folder);
        OpenBinding(libraries, Path.Combine(program, "libtorch", Binding), folder);
        Folder = folder.Path;
        (Library, HasCuda) = (libraries.Open(folder.MainLibrary), folder.HasCuda);
        Version = LibtorchVersion.Of(Library);
    }

    /// <summary>The folder that its libraries came from.</summary>
    public string Folder { get; }

    /// <summary>Such as 2.10.0.</summary>
    public string Version { get; }

    /// <summary>cpu, cuda:0, cuda:1 ... as far as they are there.</summary>
    public IReadOnlyList<string> Devices => ["cpu", .. Enumerable.Range(0, HasCuda ? cuda.device_count() : 0).Select(index => $"cuda:{index}")];

    /// <summary>The handle of libtorch_cpu.so, for what TorchSharp does not pass on.</summary>
    internal nint Library { get; }

    /// <summary>Whether it was built for CUDA. TorchSharp, asked about CUDA without this, would go and look for another libtorch.</summary>
    private bool HasCuda { get; }

    /// <summary>The device of a name.</summary>
    /// <param name="name">cpu, cuda or cuda:N.</param>
    /// <exception cref="LibtorchException">It cannot be loaded, or sees no such device.</exception>
    public static Device Device(string name)
    {
        var loaded = Load();
        return new LibtorchReport(loaded.Version, loaded.Folder, loaded.Devices, null).Fault(name) is { } fault
            ? throw new LibtorchException(fault)
            : device(name);
    }

    /// <summary>Loads it where it is not loaded yet.</summary>
    /// <exception cref="LibtorchException">It cannot be loaded; no later call will succeed in this process.</exception>
    public static LoadedLibtorch Load() => Loaded.Value;

    /// <summary>
    /// TorchSharp would look for its libraries by name, and might find another libtorch that the system has. What is loaded already it finds first;
    /// so it is loaded as soon as TorchSharp itself is, which is before it is used.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must be in place before anything in this process touches a tensor, whoever does.")]
    internal static void LoadWithTorchSharp()
    {
        if (AppDomain.CurrentDomain.GetAssemblies().Any(IsTorchSharp))
            LoadOrExit();
        else
            AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
            {
                if (IsTorchSharp(loaded.LoadedAssembly))
                    LoadOrExit();
            };
    }

    /// <summary>An exception would be lost here, and TorchSharp go and gather libraries of its own.</summary>
    private static void LoadOrExit()
    {
        try
        {
            Load();
        }
        catch (LibtorchException error)
        {
            Console.Error.WriteLine(error.Message);
            Environment.Exit(1);
        }
    }

    private static bool IsTorchSharp(Assembly assembly) => assembly.GetName().Name == "TorchSharp";

    private static void Open(SharedLibraries libraries, string path, LibtorchFolder folder)
    {
        try
        {
            libraries.Open(path);
        }
        catch (SharedLibraryException error)
        {
            throw new LibtorchException(SharedLibraries.MissingLibrary(error.Message) is { } missing
                ? $"{error.Path} needs {missing}, which is not in {string.Join(" or ", folder.LibraryFolders())} and not on this system: "
                    + $"{folder.Remedy}."
                : $"{error.Path} cannot be loaded ({error.Message}): {folder.Remedy}.");
        }
    }

    private static void OpenBinding(SharedLibraries libraries, string path, LibtorchFolder folder)
    {
        if (!File.Exists(path))
            throw new LibtorchException($"{path} is missing: build the dashboard again with ./run.");
        var file = path;
        try
        {
            try
            {
                libraries.Open(file);
            }
            catch (SharedLibraryException error) when (OlderStandardLibrary.IsAtFault(error.Message))
            {
                file = OlderStandardLibrary.CopyOf(path);
                libraries.Open(file);
            }
        }
        catch (SharedLibraryException error)
        {
            var reason = error.Message.Replace($"{file}: ", "", StringComparison.Ordinal);
            throw new LibtorchException(reason.Contains("undefined symbol", StringComparison.Ordinal)
                ? $"{path} does not fit the libtorch in {folder.Path} ({reason}); it was built for libtorch 2.10: {folder.Remedy}."
                : $"{path} cannot be loaded ({reason}): use Debian 12, Ubuntu 22.04 or a newer system.");
        }
    }
}
