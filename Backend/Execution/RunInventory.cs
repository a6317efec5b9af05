using Dashboard.Backend.Pretrained;

namespace Dashboard.Backend.Execution;

/// <summary>What there is for runs to name: a request is held against it before a run is made.</summary>
public sealed record RunInventory(IDatasetSource Datasets, ModelCatalog Models);
