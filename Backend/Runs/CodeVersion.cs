using System.Reflection;

namespace Dashboard.Backend.Runs;

/// <summary>The commit this program was built from; ends in "-dirty" where the tree was changed.</summary>
public static class CodeVersion
{
    public static string Current { get; } =
        Read(typeof(CodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    /// <summary>The build writes "1.0.0+commit".</summary>
    private static string Read(string informational) => informational[(informational.IndexOf('+') + 1)..];
}
