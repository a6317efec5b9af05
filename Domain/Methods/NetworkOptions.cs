using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods;

/// <summary>Options of every method that runs a network.</summary>
public abstract record NetworkOptions : MethodOptions
{
    [Option("Run", "Threads of one tensor operation on the CPU; 0 is one per core. The last digits of a result depend on it.", Unit = "threads",
        Min = 0, Max = 256, Advanced = true, ChangesResult = false)]
    public int TensorThreads { get; init; }
}

/// <summary>Options of every method that trains one.</summary>
public abstract record TrainingOptions : NetworkOptions
{
    internal const string LoaderThreadsHelp = "Threads that decode and augment images; 0 is one per core, but for one that trains.";

    internal const string PrecisionHelp =
        "Number format of convolutions and matrix products in training. bfloat16 keeps weights, losses and statistics in float32; it pays on a GPU, "
        + "and is slow on a CPU without bfloat16 instructions. What is made after training is computed in float32.";

    [Option("Run", LoaderThreadsHelp, Unit = "threads", Min = 0, Max = 64, Advanced = true, ChangesResult = false)]
    public int LoaderThreads { get; init; }

    [Option("Run", PrecisionHelp, Advanced = true, IsNewerThanKeys = true)]
    public Precision Precision { get; init; } = Precision.Float32;
}
