using System.Reflection;
using System.Text.Json;

namespace Dashboard.Tests.Golden;

/// <summary>Finds the golden cases: every <c>case.json</c> under <c>Tests/Fixtures</c>, or under the folder that DASHBOARD_FIXTURES names.</summary>
public static class GoldenCases
{
    public const string FolderVariable = "DASHBOARD_FIXTURES";

    public static string Root =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
            ? folder
            : typeof(GoldenCases).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Fixtures").Value!;

    /// <exception cref="InvalidDataException">No case there.</exception>
    public static IReadOnlyList<GoldenCase> All()
    {
        var cases = Directory.Exists(Root)
            ? Directory.EnumerateFiles(Root, "case.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(file => In(Path.GetDirectoryName(file)!))
                .ToList()
            : [];
        return cases.Count > 0
            ? cases
            : throw new InvalidDataException($"No golden case (case.json) lies under {Root}. Correct {FolderVariable} or unset it.");
    }

    /// <summary>The cases of the <c>case.json</c> in a folder.</summary>
    public static IReadOnlyList<GoldenCase> In(string folder)
    {
        var root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json"))).RootElement;
        var subject = root.GetProperty("subject").GetString()!;
        return [.. root.GetProperty("cases").EnumerateArray().Select(json => new GoldenCase(folder, subject, json))];
    }
}
