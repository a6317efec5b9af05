using Dashboard.Backend.Datasets;
using Dashboard.Domain.Datasets;

namespace Dashboard.Tests.Runs;

/// <summary>Knows one data set, "empty"; whatever is opened has no images.</summary>
public class EmptyDatasets : IDatasetSource
{
    public void Check(string dataset)
    {
        if (dataset != "empty")
            throw new DatasetException($"There is no data set '{dataset}'. Known data sets: empty.");
    }

    public IImageDataset Open(string dataset, CancellationToken stop)
    {
        return new Empty();
    }

    public IReadOnlyList<string> Splits(string dataset) => ["train", "train_aug", "val"];

    public virtual string Canonical(string dataset) => dataset;

    public string Fingerprint(string dataset) => dataset;

    private sealed class Empty : IImageDataset
    {
        public string Name => "empty";
        public string Root => "";
        public ClassSet Classes { get; } = new([]);
        public IReadOnlyList<string> Splits => [];

        public IReadOnlyList<Sample> Samples(string split) => [];
    }
}
