namespace Dashboard.Backend.Exchange;

/// <summary>What is to be taken out of a run.</summary>
/// <param name="Split">Of the data set; null for all that the run has maps of.</param>
/// <param name="Threshold">At which soft maps become labels, where a run has no label maps; null for that of the run's score.</param>
public sealed record ExportRequest(ExportFormat Format, string? Split = null, double? Threshold = null);
