using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Tests.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Execution.Slurm;

/// <summary>On a machine without Slurm's commands.</summary>
public sealed class SlurmMissingTests : IDisposable
{
    private readonly TemporaryData _temporary = new();

    [FactWithoutSlurm]
    public void Look_NoSqueue_SaysWhatToDo()
    {
        var slurm = new SlurmExecutor(_temporary.Program, new(), _temporary.Data, TimeProvider.System, NullLogger<SlurmExecutor>.Instance);

        slurm.Look();

        Assert.Equal("Slurm cannot be asked: squeue is not on the PATH of this machine. Install Slurm's commands here, or set Executor to local.",
            slurm.Problem);
    }

    public void Dispose() => _temporary.Dispose();

    private sealed class FactWithoutSlurmAttribute : FactAttribute
    {
        public FactWithoutSlurmAttribute() => Skip = File.Exists("/usr/bin/squeue") ? "Slurm is installed on this machine." : null;
    }
}
