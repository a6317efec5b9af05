using System.Text.RegularExpressions;

namespace Dashboard.Domain.Runs;

/// <summary>What a run asks to be computed on: the CPU, one certain GPU, or whichever GPU is free first.</summary>
/// <param name="Name"><c>cpu</c>, <c>cuda:N</c>, or <c>cuda</c> for any GPU.</param>
public readonly partial record struct DeviceRequest(string Name)
{
    public const string Cpu = "cpu";
    public const string AnyGpu = "cuda";
    public const string FirstGpu = "cuda:0";

    public bool IsAnyGpu => Name == AnyGpu;

    /// <summary>As sentences name it: "waiting for 2 runs on a GPU".</summary>
    public string Text => IsAnyGpu ? "a GPU" : Name;

    /// <summary>Whether this is the name of a device, or of any GPU.</summary>
    public static bool IsValid(string name) => Names().IsMatch(name);

    public static bool IsGpu(string device) => device.StartsWith(AnyGpu, StringComparison.Ordinal);

    /// <summary>Whether a run on that device has what this one asks for.</summary>
    public bool IsMetBy(string device) => IsAnyGpu ? IsGpu(device) : device == Name;

    [GeneratedRegex(@"^(cpu|cuda(:\d{1,3})?)$")]
    private static partial Regex Names();
}
