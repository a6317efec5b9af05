using System.Runtime.InteropServices;

namespace Dashboard.Backend.Libtorch;

/// <summary>
/// The environment as native libraries see it, which <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not change.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>Leaves an existing value as it is.</summary>
    public static void SetDefault(string name, string value) => _ = setenv(name, value, overwrite: 0);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
