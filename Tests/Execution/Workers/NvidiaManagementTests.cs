using System.Diagnostics;
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

    /// <summary>A library with NVIDIA's names and layouts, for machines without a GPU: nvml.h of CUDA 12.</summary>
    private const string Source = """
        typedef struct { unsigned int gpu, memory; } nvmlUtilization_t;
        typedef struct { unsigned long long total, free, used; } nvmlMemory_t;
        static int devices[2] = { 17, 42 };
        int nvmlInit_v2(void) { return 0; }
        int nvmlShutdown(void) { return 0; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned int index, int **device) { if (index > 1) return 2; *device = &devices[index]; return 0; }
        int nvmlDeviceGetHandleByUUID(const char *uuid, int **device) { return nvmlDeviceGetHandleByIndex_v2(uuid[4] - '0', device); }
        int nvmlDeviceGetUtilizationRates(int *device, nvmlUtilization_t *rates) { rates->gpu = *device; rates->memory = 1; return 0; }
        int nvmlDeviceGetMemoryInfo(int *device, nvmlMemory_t *memory) { memory->total = 80; memory->free = 40; memory->used = 1000000000ULL * *device; return 0; }
        """;

    [Fact]
    public void Read_OfAGpu_IsWhatTheLibraryTells()
    {
        var folder = Directory.CreateTempSubdirectory("dashboard-nvml-").FullName;
        try
        {
            var (source, library) = (Path.Combine(folder, "nvml.c"), Path.Combine(folder, "libnvml.so"));
            File.WriteAllText(source, Source);
            using (var compiler = Process.Start("cc", ["-shared", "-fPIC", "-o", library, source]))
            {
                compiler.WaitForExit();
                Assert.Equal(0, compiler.ExitCode);
            }
            using (var gpu = NvidiaManagement.TryOpen("cuda:1", library))
                Assert.Equal((42, 42e9, 80), gpu!.Read());
            Assert.Null(NvidiaManagement.TryOpen("cuda:2", library));
            Assert.Null(NvidiaManagement.TryOpen("cuda:0", Path.Combine(folder, "missing.so")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TryOpen_OfTheCpu_LoadsNothing() => Assert.Null(NvidiaManagement.TryOpen("cpu"));
}
