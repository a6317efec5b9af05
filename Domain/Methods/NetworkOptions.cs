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

    protected const string ReducedDecodingHelp =
        "Decodes JPEGs of more than twice the size that is needed at a half, a quarter or an eighth of it, which is faster. Their pixels are then "
        + "averages over the JPEG's blocks and not, to the bit, what resizing makes of the whole image.";

    internal const string PrecisionHelp =
        "Number format of convolutions and matrix products in training. bfloat16 keeps weights, losses and statistics in float32; it pays on a GPU, "
        + "and is slow on a CPU without bfloat16 instructions. What is made after training is computed in float32.";

    [Option("Run", LoaderThreadsHelp, Unit = "threads", Min = 0, Max = 64, Advanced = true, ChangesResult = false)]
    public int LoaderThreads { get; init; }

    [Option("Run", PrecisionHelp, Advanced = true, IsNewerThanKeys = true)]
    public Precision Precision { get; init; } = Precision.Float32;
}
