using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods;

/// <summary>Options of every method that trains a network and then makes maps or labels of several splits with it.</summary>
public abstract record TrainingSplitsOptions : SplitsOptions
{
    /// <inheritdoc cref="TrainingOptions.LoaderThreads"/>
    [Option("Run", TrainingOptions.LoaderThreadsHelp, Unit = "threads", Min = 0, Max = 64, Advanced = true, ChangesResult = false)]
    public int LoaderThreads { get; init; }

    /// <inheritdoc cref="TrainingOptions.Precision"/>
    [Option("Run", TrainingOptions.PrecisionHelp, Advanced = true, IsNewerThanKeys = true)]
    public Precision Precision { get; init; } = Precision.Float32;
}
