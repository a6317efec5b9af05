namespace Dashboard.Tests.EndToEnd;

/// <summary>The same with finished runs to compare.</summary>
public sealed class ComparePageFixture : RunPageFixture
{
    /// <summary>All of its runs are found.</summary>
    public FabricatedComparison Small { get; private set; } = null!;

    /// <summary>The page's address.</summary>
    public string TwoRunsAndTruth => $"compare/masks?sources=maps:{Small.Near.Id},maps:{Small.Spilling.Id},truth";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Small = await new FabricatedComparison(Data, "world", images: 40, size: 96).FoundAsync(Address);
    }
}

/// <summary>One server shows them, so its tests run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ComparePageCollection : ICollectionFixture<ComparePageFixture>
{
    public const string Name = "compare page";
}
