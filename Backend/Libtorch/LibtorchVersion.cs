using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Dashboard.Backend.Libtorch;

/// <summary>What libtorch says of itself. TorchSharp knows only its own version.</summary>
internal static partial class LibtorchVersion
{
    /// <summary>std::string at::show_config()</summary>
    private const string ShowConfiguration = "_ZN2at11show_configB5cxx11Ev";

    /// <summary>Of a std::string: the address of its characters, their number, and 16 bytes for short ones.</summary>
    private const int BytesOfString = 32;

    /// <param name="library">The handle of libtorch_cpu.so.</param>
    /// <returns>Such as 2.10.0; "of an unknown version" where it does not say.</returns>
    public static unsafe string Of(nint library)
    {
        const string unknown = "of an unknown version";
        if (!NativeLibrary.TryGetExport(library, ShowConfiguration, out var function))
            return unknown;
        // The caller makes room for the result and hands its address over. The thousand characters, asked for once, are not given back.
        var result = stackalloc byte[BytesOfString];
        ((delegate* unmanaged<byte*, byte*>)function)(result);
        var text = Marshal.PtrToStringUTF8(*(nint*)result, *(int*)(result + sizeof(nint)));
        return Named().Match(text) is { Success: true } match ? match.Groups[1].Value : unknown;
    }

    [GeneratedRegex(@"TORCH_VERSION=([\w.+]+)")]
    private static partial Regex Named();
}
