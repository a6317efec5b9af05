using Dashboard.Domain.Methods;

namespace Dashboard.Backend.Runs;

/// <summary>What a worker process executes. One implementation a method, found by name in <see cref="Methods.MethodRegistry"/>.</summary>
public interface IRunMethod
{
    /// <summary>As in <see cref="MethodDescriptor.Name"/>.</summary>
    string Name { get; }

    /// <summary>
    /// Trains, evaluates and reports. Goes on from the last complete checkpoint where <see cref="RunContext.IsResume"/> is set.
    /// Runs on the thread it is called on; returns when the run is finished.
    /// </summary>
    /// <exception cref="OperationCanceledException"><see cref="RunContext.Stop"/> was signalled.</exception>
    void Execute(RunContext context);

    /// <summary>One batch through forward, backward and step with the run's options, nothing written to the run folder but progress.</summary>
    DryRunReport DryRun(RunContext context);

    /// <summary>
    /// What is wrong with the files that the options name, as far as it shows quickly and without a tensor library: asked when a run is submitted.
    /// </summary>
    /// <param name="options">Valid in themselves; paths are there.</param>
    /// <param name="dataset">As the spec names it; it is there.</param>
    IReadOnlyList<OptionFailure> Check(MethodOptions options, string dataset, RunInventory inventory) => [];
}

/// <summary>What one batch costs.</summary>
/// <param name="SecondsPerStep">After a first step that warms caches up.</param>
/// <param name="MemoryBytes">Peak resident memory of the worker process.</param>
/// <param name="Steps">Training steps of the whole run.</param>
/// <param name="EstimatedSeconds">Whole run: training, CAM inference and evaluation.</param>
public sealed record DryRunReport(double SecondsPerStep, long MemoryBytes, long Steps, double EstimatedSeconds)
{
    /// <summary>Of the GPU; null where there is none, or its driver does not tell.</summary>
    public long? DeviceMemoryBytes { get; init; }

    /// <summary>Null for what trains in no batches.</summary>
    public int? StepsPerEpoch { get; init; }
}
