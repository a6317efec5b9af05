using Dashboard.Tests.Libtorch;
using Xunit.Sdk;

namespace Dashboard.Tests.Golden;

/// <summary>Number by number against the reference implementations: one test a case found, none left out.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class GoldenTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var found in GoldenCases.All().Where(found => SkipReason(found) is null))
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

    [SkippedCasesFact]
    public void Golden_CasesThatLackTheirData_AreNone() => Assert.DoesNotContain(GoldenCases.All(), found => SkipReason(found) is not null);

    /// <summary>Why a case cannot be checked here; null if it can.</summary>
    internal static string? SkipReason(GoldenCase golden) =>
        GoldenCheckAttribute.BySubject[golden.Subject].Any(check => check.Kind == golden.Kind && check.NeedsVocabulary)
            && ClipVocabularyFile.For(golden) is null
            ? ClipVocabularyFile.HowToGet
            : null;

    /// <exception cref="XunitException">Nothing checks this kind of case.</exception>
    internal static Action<GoldenCase> CheckOf(GoldenCase golden)
    {
        var checks = GoldenCheckAttribute.BySubject[golden.Subject].ToList();
        if (checks.Count == 0)
            throw new XunitException($"{golden}: nothing of the subject '{golden.Subject}' is implemented yet.");
        return checks.SingleOrDefault(check => check.Kind == golden.Kind).Check
            ?? throw new XunitException(
                $"{golden}: unknown kind '{golden.Kind}'. Known kinds of '{golden.Subject}': "
                + $"{string.Join(", ", checks.Select(check => check.Kind).Order())}.");
    }

    /// <summary>One visible skip that names every case left out, since a theory's cases cannot be skipped one by one.</summary>
    private sealed class SkippedCasesFactAttribute : FactAttribute
    {
        public SkippedCasesFactAttribute()
        {
            var skipped = GoldenCases.All().Where(found => SkipReason(found) is not null).ToList();
            if (skipped.Count > 0)
                Skip = $"{string.Join(", ", skipped)}: {SkipReason(skipped[0])}";
        }
    }
}
