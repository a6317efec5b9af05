using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs;

namespace Dashboard.Tests.Web;

/// <summary>A data set of two small images in a server's data folder, for runs that need one and learn nothing of it.</summary>
internal static class MiniWorld
{
    public static void Make(DataFolder data) => CooccurrenceWorld.Make(In(data), train: 1, val: 1, size: 16);

    public static string In(DataFolder data) => Path.Combine(data.Path, "mini");
}
