namespace Dashboard.Backend.Datasets;

/// <summary>Finds the data set that a spec names.</summary>
public interface IDatasetSource
{
    /// <summary>Says whether a run may name this data set, without reading or generating anything.</summary>
    /// <exception cref="DatasetException">No such data set: names those there are.</exception>
    void Check(string dataset);

    /// <summary>Opens the data set; the built-in one is generated on first use.</summary>
    /// <exception cref="DatasetException">It is not as it should be.</exception>
    /// <exception cref="OperationCanceledException">Stopped while generating; nothing is left behind.</exception>
    IImageDataset Open(string dataset, CancellationToken stop);

    /// <summary>Names of its splits, without generating anything.</summary>
    /// <exception cref="DatasetException">It is not as it should be.</exception>
    IReadOnlyList<string> Splits(string dataset);

    /// <summary>The one name of a data set that may be called by several: a name, a path, a link to it.</summary>
    string Canonical(string dataset);

    /// <summary>Whether two names, whatever their spelling, are the same data set's.</summary>
    bool AreSame(string one, string other) => one == other || Canonical(one) == Canonical(other);
}
