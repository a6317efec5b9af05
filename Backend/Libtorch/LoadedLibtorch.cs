using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Dashboard.Backend.Libtorch;

/// <summary>
/// The libtorch of this process. It is loaded once, on the first use of TorchSharp or by <see cref="Load"/>, which is also what tells in one sentence why it
/// cannot be. Nothing else knows of its files, versions and distributions.
/// </summary>
public sealed class LoadedLibtorch
{
    private const string Binding = "libLibTorchSharp.so";
    private static readonly Lazy<LoadedLibtorch> Loaded = new(() => new LoadedLibtorch(Environment.GetEnvironmentVariable(LibtorchFolder.Variable), AppContext.BaseDirectory));
    private readonly nint _binding;

    private LoadedLibtorch(string? named, string program)
    {
        var folder = LibtorchFolder.Find(named, program);
        var libraries = new SharedLibraries(folder.LibraryFolders());
        foreach (var library in folder.Libraries())
            Open(libraries, library, folder);
        var binding = Path.Combine(program, "libtorch", Binding);
        if (!File.Exists(binding))
            throw new LibtorchException($"{binding} is missing: build the dashboard again with ./run.");
        _binding = OpenBinding(libraries, binding, folder);
        Folder = folder.Path;
    }

    /// <summary>The folder that its libraries came from.</summary>
    public string Folder { get; }

    /// <summary>Loads it where it is not loaded yet.</summary>
    /// <exception cref="LibtorchException">It cannot be loaded; no later call will succeed in this process.</exception>
    public static LoadedLibtorch Load() => Loaded.Value;

    /// <summary>
    /// TorchSharp would look for its libraries by name, and might find another libtorch that the system has. What is loaded already it finds first; so it is
    /// loaded as soon as TorchSharp itself is, which is before it is used.
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

    private static nint Open(SharedLibraries libraries, string path, LibtorchFolder folder)
    {
        try
        {
            return libraries.Open(path);
        }
        catch (SharedLibraryException error)
        {
            throw new LibtorchException(SharedLibraries.MissingLibrary(error.Message) is { } missing
                ? $"{error.Path} needs {missing}, which is not in {string.Join(" or ", folder.LibraryFolders())} and not on this system: {folder.Remedy}."
                : $"{error.Path} cannot be loaded ({error.Message}): {folder.Remedy}.");
        }
    }

    private static nint OpenBinding(SharedLibraries libraries, string path, LibtorchFolder folder)
    {
        try
        {
            try
            {
                return libraries.Open(path);
            }
            catch (SharedLibraryException error) when (OlderStandardLibrary.IsAtFault(error.Message))
            {
                return libraries.Open(OlderStandardLibrary.CopyOf(path));
            }
        }
        catch (SharedLibraryException error)
        {
            throw new LibtorchException(error.Message.Contains("undefined symbol", StringComparison.Ordinal)
                ? $"{path} does not fit the libtorch in {folder.Path} ({error.Message}); it was built for libtorch 2.10: {folder.Remedy}."
                : $"{path} cannot be loaded ({error.Message}): use Debian 12, Ubuntu 22.04 or a newer system.");
        }
    }
}
