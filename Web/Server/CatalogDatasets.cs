using Dashboard.Backend.Datasets;

namespace Dashboard.Web.Server;

/// <summary>The data sets that runs may name: those of the catalogue, and folders by path.</summary>
internal sealed class CatalogDatasets(DatasetCatalog catalog) : IDatasetSource
{
    public void Check(string dataset)
    {
        var entry = catalog.List().FirstOrDefault(entry => entry.Name.Equals(dataset, StringComparison.OrdinalIgnoreCase));
        if (entry is { Unavailable: { } reason })
            throw new DatasetException(reason);
        if (entry is null)
            catalog.Open(dataset);
    }

    public IImageDataset Open(string dataset, CancellationToken stop) => catalog.Open(dataset, cancellation: stop);

    public IReadOnlyList<string> Splits(string dataset) => catalog.Splits(dataset);

    public string Canonical(string dataset) => catalog.Canonical(dataset);

    public string Fingerprint(string dataset) => catalog.Fingerprint(dataset);
}
