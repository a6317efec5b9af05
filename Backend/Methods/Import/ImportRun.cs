using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Import;

namespace Dashboard.Backend.Methods.Import;

/// <summary>Takes label maps, soft maps or a network that something else has made into the run's own, and measures what can be measured.</summary>
public sealed class ImportRun : IRunMethod
{
    public string Name => ImportMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        var import = Of(context);
        import.Copy();
        import.Score();
    }

    public DryRunReport DryRun(RunContext context) => Of(context).MeasureImage();

    public IReadOnlyList<OptionFailure> Check(MethodOptions options, string dataset, RunInventory inventory) =>
        options is ImportOptions { What: not ImportedThing.Network, Folder: var folder } && !Directory.Exists(folder)
            ? [new("folder", $"folder: {folder} is not a folder. Give the one that holds the maps.")]
            : [];

    private static IImport Of(RunContext context) => context.Options<ImportOptions>().What switch
    {
        ImportedThing.SoftMaps => new SoftMapImport(context),
        ImportedThing.Network => new NetworkImport(context),
        _ => new LabelMapImport(context),
    };
}

/// <summary>One import.</summary>
internal interface IImport
{
    /// <summary>Everything is looked at before the run fails. A resume takes it again: the files may have changed.</summary>
    /// <exception cref="InvalidDataException">Files that are something else, or do not fit: names them.</exception>
    void Copy();

    void Score();

    /// <summary>What one file costs.</summary>
    DryRunReport MeasureImage();
}
