namespace Dashboard.Backend.Datasets.Folders;

/// <summary>Names in a message: enough to find the fault, never thousands.</summary>
internal static class NameList
{
    private const int Most = 10;
    private const int Longest = 60;

    public static string Of(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Most).Select(Shorten)) + (names.Count > Most ? $" and {names.Count - Most:N0} more" : "");

    /// <summary>A name, or its beginning: files hold anything.</summary>
    public static string Shorten(string name) => name.Length <= Longest ? name : name[..Longest] + "...";
}
