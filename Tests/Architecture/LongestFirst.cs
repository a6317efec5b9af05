using Dashboard.Tests.EndToEnd;
using Dashboard.Tests.Libtorch;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Dashboard.Tests.Architecture.LongestFirst", "Dashboard.Tests")]

namespace Dashboard.Tests.Architecture;

/// <summary>Begins with the collections that last longest, so that none of them is left to run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>Those of more than half a minute on a quiet machine.</summary>
    private static readonly string[] Longest =
    [
        LibtorchCollection.Name, LaunchedRunsCollection.Name, .. new[]
        {
            typeof(SlowLineTests), typeof(FirstRunTests), typeof(TryPageTests), typeof(Cli.PipelineCommandTests), typeof(PagesTests),
            typeof(Cli.RunCommandsTests),
        }.Select(type => type.FullName!),
        ComparePageCollection.Name, RunPageCollection.Name,
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection =>
            Array.FindIndex(Longest, name => IsNamed(collection, name)) is >= 0 and var place ? place : Longest.Length);

    private static bool IsNamed(ITestCollection collection, string name) =>
        collection.DisplayName == name || collection.DisplayName.StartsWith($"Test collection for {name}", StringComparison.Ordinal);
}
