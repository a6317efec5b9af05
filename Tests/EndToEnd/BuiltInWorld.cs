using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The built-in data set, drawn once for all servers whose tests are not about that. A link to it stands in their data folders.</summary>
internal static class BuiltInWorld
{
    private static readonly Lazy<string> Drawn = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("dashboard-world-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return new DatasetCatalog(folder).Open(CooccurrenceWorld.Kind).Root;
    });

    public static void LinkInto(DataFolder data)
    {
        var place = new DatasetCatalog(data.Path).BuiltInPath;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.CreateSymbolicLink(place, Drawn.Value);
    }
}
