using Dashboard.Backend.Datasets;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>Looks at each data set once: a plan of hundreds of runs names few. For one plan only, and one thread.</summary>
internal sealed class RememberedDatasets(IDatasetSource datasets) : IDatasetSource
{
    private readonly Dictionary<string, string?> _faults = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _splits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _canonical = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fingerprints = new(StringComparer.Ordinal);

    public void Check(string dataset)
    {
        if (!_faults.TryGetValue(dataset, out var fault))
            _faults[dataset] = fault = FaultOf(dataset);
        if (fault is not null)
            throw new DatasetException(fault);
    }

    public IImageDataset Open(string dataset, CancellationToken stop) => datasets.Open(dataset, stop);

    public IReadOnlyList<string> Splits(string dataset) => Remember(_splits, dataset, datasets.Splits);

    public string Canonical(string dataset) => Remember(_canonical, dataset, datasets.Canonical);

    public string Fingerprint(string dataset) => Remember(_fingerprints, dataset, datasets.Fingerprint);

    private string? FaultOf(string dataset)
    {
        try
        {
            datasets.Check(dataset);
            return null;
        }
        catch (DatasetException error)
        {
            return error.Message;
        }
    }

    private static T Remember<T>(Dictionary<string, T> known, string dataset, Func<string, T> look) => known.TryGetValue(dataset,
        out var value) ? value : known[dataset] = look(dataset);
}
