using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Database;

/// <summary>
/// A row of the index: what is known of one run without opening its folder. Columns are what lists are filtered and sorted by; the rest stands in
/// <see cref="Summary"/>.
/// </summary>
public sealed class IndexedRun
{
    public required string Id { get; set; }

    /// <summary>What people call the run.</summary>
    public required string Title { get; set; }

    public required string Method { get; set; }
    public required string Dataset { get; set; }
    public string? Group { get; set; }
    public string? Preset { get; set; }
    public required string Device { get; set; }

    /// <summary><see cref="RunSpec.Key"/>.</summary>
    public string? Key { get; set; }
    public RunState State { get; set; }

    /// <summary><see cref="RunSummary.Recipe"/>.</summary>
    public required string Recipe { get; set; }

    public long Seed { get; set; }

    public bool Starred { get; set; }

    /// <summary>Ticks, UTC.</summary>
    public long Created { get; set; }

    /// <summary>When the run began, else when it was made; ticks, UTC.</summary>
    public long Began { get; set; }

    /// <summary>Null before the first worker.</summary>
    public long? Started { get; set; }

    /// <summary>Null while it may still go on.</summary>
    public long? Ended { get; set; }

    /// <summary>The run's <see cref="MainScore"/>, 0..1.</summary>
    public double? Miou { get; set; }

    /// <summary><see cref="Protocol.Key"/> of that score.</summary>
    public string? MainProtocol { get; set; }

    /// <summary>All that a search looks into, in lower case.</summary>
    public required string SearchText { get; set; }

    /// <inheritdoc cref="RunStamp"/>
    public long LogLength { get; set; }

    /// <inheritdoc cref="RunStamp"/>
    public bool HasTicket { get; set; }

    /// <inheritdoc cref="RunStamp"/>
    public long Written { get; set; }

    /// <inheritdoc cref="RunStamp"/>
    public long Labelled { get; set; }

    /// <summary>The whole <see cref="RunSummary"/> as JSON.</summary>
    public required string Summary { get; set; }

    /// <summary>Names of the metrics reported, as JSON.</summary>
    public required string Metrics { get; set; }

    public List<IndexedEvaluation> Evaluations { get; set; } = [];
    public List<IndexedInput> Inputs { get; set; } = [];
    public List<IndexedTag> Tags { get; set; } = [];
}

/// <summary>One evaluation of a run.</summary>
public sealed class IndexedEvaluation
{
    public required string RunId { get; set; }
    public long Seq { get; set; }
    public required string Row { get; set; }
    public bool Reference { get; set; }

    /// <summary><see cref="Protocol.Key"/>: rows of the same key may be ranked.</summary>
    public required string Protocol { get; set; }

    /// <summary>Null where it is not a number.</summary>
    public double? Miou { get; set; }

    /// <summary>The event as JSON, without its sweep.</summary>
    public required string Event { get; set; }

    /// <summary>The sweep as JSON: as long as the rest together, and no list shows it.</summary>
    public string? Sweep { get; set; }
}

/// <summary>A run that another one starts from.</summary>
public sealed class IndexedInput
{
    public required string RunId { get; set; }
    public required string Role { get; set; }
    public required string InputId { get; set; }
}

/// <summary>A tag that a run has.</summary>
public sealed class IndexedTag
{
    public required string RunId { get; set; }
    public required string Tag { get; set; }
}
