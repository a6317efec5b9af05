namespace Dashboard.Tests.EndToEnd;

/// <summary>The same with finished runs to compare.</summary>
public sealed class ComparePageFixture : RunPageFixture
{
    private readonly Lazy<FabricatedComparison> _small;

    public ComparePageFixture() => _small = new(() => new FabricatedComparison(Data, "world", images: 40, size: 96));

    /// <summary>Made when first asked for.</summary>
    public FabricatedComparison Small => _small.Value;

    /// <summary>The page's address.</summary>
    public string TwoRunsAndTruth => $"compare?sources=maps:{Small.Near.Id},maps:{Small.Spilling.Id},truth";
}

/// <summary>One server shows them, so its tests run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ComparePageCollection : ICollectionFixture<ComparePageFixture>
{
    public const string Name = "compare page";
}
