namespace Dashboard.Web.Compare;

/// <summary>An image's files in addresses.</summary>
public static class ImageAddress
{
    /// <summary>An identifier may have slashes; they stay.</summary>
    public static string Escape(string id) => string.Join('/', id.Split('/').Select(Uri.EscapeDataString));

    public static string Image(string run, string id) => $"api/compare/{Uri.EscapeDataString(run)}/images/{Escape(id)}";

    public static string Truth(string run, string id) => $"api/compare/{Uri.EscapeDataString(run)}/truth/{Escape(id)}";

    /// <summary>The file that a source's labels are made of.</summary>
    /// <param name="run">Names the data set, for the ground truth.</param>
    public static string Source(string run, SourceKey key, string id) => key.Kind switch
    {
        SourceKind.Maps => $"api/runs/{Uri.EscapeDataString(key.Run)}/files/cams/{Escape(id)}.cam",
        SourceKind.Masks => $"api/runs/{Uri.EscapeDataString(key.Run)}/files/masks/{Escape(id)}.png",
        _ => Truth(run, id),
    };
}
