namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>What jobs are submitted with.</summary>
public sealed record SlurmSettings
{
    /// <summary>Null: the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary>Null: the user's default.</summary>
    public string? Account { get; init; }

    /// <summary>Further options of sbatch, such as --time=04:00:00; they beat those that the dashboard gives.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Jobs that are submitted at a time; further runs wait in the dashboard.</summary>
    public int Jobs { get; init; } = 500;

    /// <summary>How often a run goes on by itself whose job was ended by a time limit, a preemption or a broken node.</summary>
    public int Resumes { get; init; } = 3;

    /// <summary>Between two looks at Slurm's queue, each for all jobs together.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(3);
}
