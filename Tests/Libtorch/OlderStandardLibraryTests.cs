using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dashboard.Backend.Libtorch;

namespace Dashboard.Tests.Libtorch;

/// <summary>
/// The edits that make TorchSharp's native library load where libstdc++ is older. They are made, and what comes of them loads, on newer systems too.
/// </summary>
public sealed class OlderStandardLibraryTests
{
    private static readonly string Library = Path.Combine(AppContext.BaseDirectory, "libtorch", "libLibTorchSharp.so");

    [Fact]
    public void Edit_TheLibraryOfThePackage_AsksForNoNewerVersion()
    {
        var file = File.ReadAllBytes(Library);
        var before = new SymbolVersions(file);
        var need = before.Need(OlderStandardLibrary.Version);
        var (version, name) = Assert.Single(before.SymbolsOf(need));
        Assert.Equal(OlderStandardLibrary.Symbol, before.Text(name));

        OlderStandardLibrary.Edit(file, Library);

        var after = new SymbolVersions(file);
        Assert.Empty(after.SymbolsOf(need));
        Assert.Equal(2, after.UInt16(need + 4));
        Assert.Equal(1, after.UInt16(version));
        Assert.Equal(OlderStandardLibrary.HarmlessSymbol, after.Text(name));
        var original = File.ReadAllBytes(Library);
        Assert.Equal(1 + 1 + OlderStandardLibrary.HarmlessSymbol.Length + 1, Enumerable.Range(0, file.Length).Count(at => file[at] != original[at]));
    }

    [Fact]
    public void CopyOf_TheLibraryOfThePackage_LoadsOnThisSystem()
    {
        LoadedLibtorch.Load();

        var copy = NativeLibrary.Load(OlderStandardLibrary.CopyOf(Library));

        Assert.NotEqual(0, NativeLibrary.GetExport(copy, "THSTensor_matmul"));
    }

    [Fact]
    public void Edit_TwoSymbolsOfTheVersion_IsRefused()
    {
        var file = File.ReadAllBytes(Library);
        var versions = new SymbolVersions(file);
        var (another, _) = versions.SymbolsOf(versions.Need("GLIBCXX_3.4.30"))[0];
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(another), versions.UInt16(versions.Need(OlderStandardLibrary.Version) + 6));

        AssertRefused("2 of its symbols", file);
    }

    [Fact]
    public void Edit_AnotherSymbolOfTheVersion_IsRefused()
    {
        var file = File.ReadAllBytes(Library);
        var versions = new SymbolVersions(file);
        file[versions.SymbolsOf(versions.Need(OlderStandardLibrary.Version))[0].Name] = (byte)'X';

        AssertRefused("the symbol of this version is XZSt", file);
    }

    [Fact]
    public void Edit_SomethingElse_IsRefused()
    {
        AssertRefused("it is not a 64-bit ELF file", "a text"u8.ToArray());
        AssertRefused("it cannot be read", File.ReadAllBytes(Library)[..100_000]);
        AssertRefused($"it needs no {OlderStandardLibrary.Version}", File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Library)!, "libc10.so")));
    }

    private static void AssertRefused(string reason, byte[] file)
    {
        var before = file.ToArray();
        var message = Assert.Throws<LibtorchException>(() => OlderStandardLibrary.Edit(file, "/somewhere/lib.so")).Message;
        Assert.Contains("/somewhere/lib.so", message);
        Assert.Contains(reason, message);
        Assert.Equal(before, file);
    }
}
