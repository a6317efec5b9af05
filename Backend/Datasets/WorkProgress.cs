namespace Dashboard.Backend.Datasets;

/// <summary>
/// How far a longer piece of work is: <paramref name="Done"/> of <paramref name="Total"/> items of a stage ("train images", "val", ...).
/// </summary>
public readonly record struct WorkProgress(string Stage, int Done, int Total);
