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
    [InlineData("dashboard", true)]
    [InlineData("Dashboard.Domain", true)]
    [InlineData("MudBlazor", true)]
    [InlineData("TorchSharp", true)]
    [InlineData("Microsoft.EntityFrameworkCore", true)]
    [InlineData("Dashboard.Backend", true)]
    [InlineData("Microsoft.AspNetCore.SignalR.Client", false)]
    public void Assembly_InTheOutputFolder_IsMachineCodeWhereStartsNeedIt(string name, bool isMachineCode)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll")));

        Assert.Equal(isMachineCode && IsRelease, file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
    }
}
