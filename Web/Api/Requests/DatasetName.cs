namespace Dashboard.Web.Api.Requests;

/// <summary>
/// A data set in an address: its name, or the absolute folder that a run was given. Routing leaves <c>%2F</c> as it is, and a folder's name has
/// slashes.
/// </summary>
internal readonly record struct DatasetName(string Text)
{
    /// <summary>Called by ASP.NET.</summary>
    public static bool TryParse(string? value, out DatasetName name)
    {
        name = new(value?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) ?? "");
        return value is not null;
    }
}
