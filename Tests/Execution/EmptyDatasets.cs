using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Datasets;

namespace Dashboard.Tests.Execution;

/// <summary>Knows one data set, "empty", without images.</summary>
public sealed class EmptyDatasets : IDatasetSource
{
    public void Check(string dataset)
    {
        if (dataset != "empty")
            throw new DatasetException($"There is no data set '{dataset}'. Known data sets: empty.");
    }

    public IImageDataset Open(string dataset)
    {
        Check(dataset);
        return new Empty();
    }

    private sealed class Empty : IImageDataset
    {
        public string Name => "empty";
        public string Root => "";
        public ClassSet Classes { get; } = new([]);
        public IReadOnlyList<string> Splits => [];

        public IReadOnlyList<Sample> Samples(string split) => [];
    }
}
