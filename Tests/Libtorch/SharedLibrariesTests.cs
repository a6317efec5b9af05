using System.Text;
using Dashboard.Backend.Libtorch;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Libtorch;

/// <summary>Libraries made of libtorch.so, which holds nothing but its own name and that of the one that it needs.</summary>
public sealed class SharedLibrariesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_WhatItNeedsLiesElsewhere_FindsItThere()
    {
        var first = Make("torch/lib/libfirst.so", name: "libfirst.so", needs: "libother.so");
        Make("nvidia/runtime/lib/libother.so", name: "libother.so", needs: "libthird.so");
        Make("nvidia/runtime/lib/libthird.so", name: "libthird.so", needs: "libc.so.6");

        Assert.Throws<SharedLibraryException>(() => new SharedLibraries([_folder.File("torch/lib")]).Open(first));
        Assert.NotEqual(0, new SharedLibraries([_folder.File("torch/lib"), _folder.File("nvidia/runtime/lib")]).Open(first));
    }

    [Fact]
    public void Open_WhatItNeedsIsNowhere_NamesBoth()
    {
        var library = Make("libalone.so", name: "libalone.so", needs: "libnowhere.so");

        var error = Assert.Throws<SharedLibraryException>(() => new SharedLibraries([_folder.Path]).Open(library));

        Assert.Equal(library, error.Path);
        Assert.Equal("libnowhere.so", SharedLibraries.MissingLibrary(error.Message));
    }

    /// <param name="name">Eleven characters, as in "libtorch.so".</param>
    /// <param name="needs">At most fifteen, as in "libtorch_cpu.so".</param>
    private string Make(string path, string name, string needs)
    {
        var library = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libtorch", "libtorch.so"));
        Replace(library, "libtorch_cpu.so", needs);
        Replace(library, "libtorch.so", name);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.WriteAllBytes(_folder.File(path), library);
        return _folder.File(path);
    }

    private static void Replace(byte[] library, string old, string text)
    {
        Assert.True(text.Length <= old.Length);
        var at = library.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{old}\0"));
        Encoding.ASCII.GetBytes(text.PadRight(old.Length, '\0')).CopyTo(library, at + 1);
    }
}
