using Xunit.Sdk;

namespace Dashboard.Tests.Golden;

/// <summary>Number by number against the reference implementations: one test a case found, none left out.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var found in GoldenCases.All())
            data.Add(Path.GetRelativePath(GoldenCases.Root, found.Folder), found.Name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Golden_Case_MatchesReference(string folder, string name)
    {
        var golden = GoldenCases.In(Path.Combine(GoldenCases.Root, folder)).Single(found => found.Name == name);
        CheckOf(golden)(golden);
    }

    /// <exception cref="XunitException">Nothing checks this kind of case.</exception>
    internal static Action<GoldenCase> CheckOf(GoldenCase golden)
    {
        var checks = GoldenCheckAttribute.BySubject[golden.Subject].ToList();
        if (checks.Count == 0)
            throw new XunitException($"{golden}: nothing of the subject '{golden.Subject}' is implemented yet.");
        return checks.SingleOrDefault(check => check.Kind == golden.Kind).Check
            ?? throw new XunitException($"{golden}: unknown kind '{golden.Kind}'. Known kinds of '{golden.Subject}': {string.Join(", ", checks.Select(check => check.Kind).Order())}.");
    }
}
