using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The built-in data set, drawn once for all tests. A link to it stands in the data folders of their servers.</summary>
internal static class BuiltInWorld
{
    private static readonly Lazy<string> Drawn = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("dashboard-world-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        new DatasetCatalog(folder).Open(CooccurrenceWorld.Kind);
        return folder;
    });

    /// <summary>The data folder that it was drawn in, when it was first opened there.</summary>
    public static string Data => Drawn.Value;

    public static void LinkInto(DataFolder data)
    {
        var place = new DatasetCatalog(data.Path).BuiltInPath;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.CreateSymbolicLink(place, new DatasetCatalog(Data).BuiltInPath);
    }
}
