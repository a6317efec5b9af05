using static TorchSharp.torch;

namespace Dashboard.Tests.Golden;

/// <summary>Where the golden networks run: the CPU, or the device that DASHBOARD_TEST_DEVICE names ("cuda").</summary>
public static class TestDevice
{
    public const string Variable = "DASHBOARD_TEST_DEVICE";

    public static Device Current { get; } = Choose();

    private static Device Choose()
    {
        var name = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : "cpu";
        // The references are float32; TensorFloat-32 would miss their tolerances.
        backends.cuda.matmul.allow_tf32 = false;
        backends.cudnn.allow_tf32 = false;
        return device(name);
    }
}
