using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;

namespace Dashboard.Web.Datasets;

/// <summary>Tells what the labels in a run's label maps mean.</summary>
public sealed class RunClasses(IRunStore store, DatasetBrowser datasets)
{
    /// <returns>By label, background first; empty where neither the run nor its data set tells.</returns>
    public IReadOnlyList<string> LabelNames(string run)
    {
        if (store.EvaluationsOf(run).FirstOrDefault(evaluated => evaluated.ClassNames.Count > 0) is { } measured)
            return measured.ClassNames;
        if (store.Folder(run) is { } folder && ClassNamesFile.Read(folder) is { Count: > 0 } own)
            return own;
        try
        {
            return store.Find(run) is { } found ? datasets.Open(found.Spec.Dataset).Classes.LabelNames : [];
        }
        catch (DatasetException)
        {
            return [];
        }
    }
}
