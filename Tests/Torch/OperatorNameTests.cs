using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using TorchSharp;
using TorchSharp.Interop;

namespace Dashboard.Tests.Torch;

public sealed class OperatorNameTests
{
    [Fact]
    public void Names_InTheAssembly_AreAllKnownToLibtorch()
    {
        var names = OperatorNames().ToList();
        Assert.True(names.Count > 200, $"only {names.Count} names found");
        Assert.Equal([], names.Where(name => !IsKnown(name)));
    }

    /// <summary>Every "aten::..." literal of Dashboard.Torch, read from its metadata.</summary>
    private static IEnumerable<string> OperatorNames()
    {
        using var file = new PEReader(File.OpenRead(typeof(torch).Assembly.Location));
        var metadata = file.GetMetadataReader();
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = metadata.GetNextHandle(handle))
        {
            var text = metadata.GetUserString(handle);
            if (text.StartsWith("aten::", StringComparison.Ordinal)) yield return text;
        }
    }

    private static unsafe bool IsKnown(string name)
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(name + "\0")) return Native.dashboard_operator(text) != 0;
    }
}
