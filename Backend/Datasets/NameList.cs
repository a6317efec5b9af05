namespace Dashboard.Backend.Datasets;

/// <summary>Names in a message: enough to find the fault, never thousands.</summary>
internal static class NameList
{
    private const int Most = 10;

    public static string Of(IReadOnlyCollection<string> names) => string.Join(", ", names.Take(Most)) + (names.Count > Most ? $" and {names.Count - Most:N0} more" : "");
}
