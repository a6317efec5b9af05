using Dashboard.Backend.Datasets;
using Dashboard.Backend.Pretrained;

namespace Dashboard.Backend.Runs;

/// <summary>What there is for runs to name: a request is held against it before a run is made.</summary>
public sealed record RunInventory(IDatasetSource Datasets, ModelCatalog Models)
{
    /// <summary>Why a run may not read an absolute path that stands in a file; null where it may. Without it: it may read all.</summary>
    public Func<string, string?> Refuse { get; init; } = _ => null;

    /// <summary>Why nothing can be computed on a device; null where it can, or where that is not known. Without it: it is not known.</summary>
    public Func<string, string?> DeviceFault { get; init; } = _ => null;
}
