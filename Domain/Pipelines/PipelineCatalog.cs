namespace Dashboard.Domain.Pipelines;

/// <summary>All pipelines that can be launched.</summary>
public static class PipelineCatalog
{
    public static IReadOnlyList<Pipeline> All { get; } =
        [TagsToMasks.WithClims, TagsToMasks.WithCam, ClimsSeeds.Pipeline, Nsrom.Pipeline, Nsrom.OnClims];

    /// <summary>The pipeline of a name, in upper or lower case; null if there is none.</summary>
    public static Pipeline? Find(string? name) => All.FirstOrDefault(pipeline => pipeline.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The sentence for a name that no pipeline has.</summary>
    public static string NotFound(string? name) =>
        $"There is no pipeline '{name}'. Known pipelines: {string.Join(", ", All.Select(pipeline => pipeline.Name))}.";
}
