namespace Dashboard.Backend.Storage;

/// <summary>A row of the index: what the store knows of one run without opening its folder.</summary>
public sealed class IndexedRun
{
    public required string Id { get; set; }
    public required string Method { get; set; }
    public required string Dataset { get; set; }
    public required string State { get; set; }

    /// <summary>Round-trip format, UTC.</summary>
    public required string Created { get; set; }

    /// <summary>Best non-reference evaluation, 0..1.</summary>
    public double? Miou { get; set; }

    /// <summary>The whole <see cref="Execution.RunSummary"/> as JSON.</summary>
    public required string Summary { get; set; }

    /// <summary>Names of the metrics reported, as JSON.</summary>
    public required string Metrics { get; set; }

    /// <summary>Length of the event log in bytes that this row stands for.</summary>
    public long Length { get; set; }

    public List<IndexedEvaluation> Evaluations { get; set; } = [];
}

/// <summary>One evaluation of a run.</summary>
public sealed class IndexedEvaluation
{
    public required string RunId { get; set; }
    public long Seq { get; set; }
    public required string Row { get; set; }

    /// <summary><see cref="Domain.Runs.Protocol.Key"/>: rows of the same key may be ranked.</summary>
    public required string Protocol { get; set; }

    public double Miou { get; set; }

    /// <summary>The whole event as JSON.</summary>
    public required string Event { get; set; }
}
