using Dashboard.Backend.Execution.Devices;

namespace Dashboard.Tests.Execution.Workers;

public sealed class NvidiaManagementTests
{
    /// <summary>CUDA counts what it may see; NVIDIA's management library counts what there is.</summary>
    [Theory]
    [InlineData("cpu", null, null)]
    [InlineData("cuda", null, "0")]
    [InlineData("cuda:1", null, "1")]
    [InlineData("cuda:1", "2,3", "3")]
    [InlineData("cuda:0", "GPU-8932f937", "GPU-8932f937")]
    [InlineData("cuda:1", "2", null)]
    [InlineData("cuda:0", "", null)]
    public void GpuOf_ADevice_IsTheOneThatCudaMeans(string device, string? visible, string? gpu) =>
        Assert.Equal(gpu, NvidiaManagement.GpuOf(device, visible));

    [Fact]
    public void TryOpen_OfTheCpu_LoadsNothing() => Assert.Null(NvidiaManagement.TryOpen("cpu"));
}
