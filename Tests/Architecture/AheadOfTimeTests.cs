using System.Reflection;
using System.Reflection.PortableExecutable;

namespace Dashboard.Tests.Architecture;

/// <summary>What every start of the program needs is machine code already; Backend, whose loops the machine at hand compiles, is not.</summary>
public sealed class AheadOfTimeTests
{
    /// <summary>Nothing is compiled ahead for debugging.</summary>
    private static readonly bool IsRelease =
        typeof(AheadOfTimeTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration == "Release";

    [Theory]
    [InlineData("dashboard", true)]
    [InlineData("Dashboard.Domain", true)]
    [InlineData("MudBlazor", true)]
    [InlineData("TorchSharp", true)]
    [InlineData("Microsoft.EntityFrameworkCore", true)]
    [InlineData("Dashboard.Backend", false)]
    public void Assembly_InTheOutputFolder_IsMachineCodeWhereStartsNeedIt(string name, bool isMachineCode)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll")));

        Assert.Equal(isMachineCode && IsRelease, file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
    }
}
