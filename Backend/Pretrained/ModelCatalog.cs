namespace Dashboard.Backend.Pretrained;

/// <summary>Finds models by name: those that ship with the project, and those that were added (kept in <c>DATA/models.json</c>); or by path.</summary>
/// <param name="dataDir">Where the dashboard keeps what it writes.</param>
public sealed class ModelCatalog(string dataDir)
{
    /// <summary>Models that ship with the project: one folder each, beside the program.</summary>
    public static string BuiltInFolder { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The built-in ones first, then by name.</summary>
    public IReadOnlyList<PretrainedModel> List() => throw new NotImplementedException(dataDir);

    /// <summary>A model by name, or else by path: a checkpoint file, or a folder that holds one.</summary>
    /// <exception cref="ModelException">There is none of that name or path, or it cannot be used: says why.</exception>
    public PretrainedModel Find(string nameOrPath) => throw new NotImplementedException(nameOrPath);
}
