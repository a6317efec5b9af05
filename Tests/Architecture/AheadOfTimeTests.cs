using System.Reflection;
using System.Reflection.PortableExecutable;

namespace Dashboard.Tests.Architecture;

/// <summary>What every start of the program needs is machine code already.</summary>
public sealed class AheadOfTimeTests
{
    /// <summary>Nothing is compiled ahead for debugging.</summary>
    private static readonly bool IsRelease =
        typeof(AheadOfTimeTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration == "Release";

    [Theory]
    [InlineData("dashboard")]
    [InlineData("Dashboard.Domain")]
    [InlineData("Dashboard.Backend")]
    [InlineData("MudBlazor")]
    [InlineData("TorchSharp")]
    [InlineData("Microsoft.EntityFrameworkCore")]
    public void Assembly_InTheOutputFolder_IsMachineCode(string name)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll")));

        Assert.Equal(IsRelease, file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
    }
}
