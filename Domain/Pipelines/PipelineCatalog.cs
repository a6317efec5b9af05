using Dashboard.Domain.Methods;

namespace Dashboard.Domain.Pipelines;

/// <summary>All pipelines that can be launched: as far as there are the methods.</summary>
public static class PipelineCatalog
{
    public static IReadOnlyList<Pipeline> All { get; } =
        [.. new[] { TagsToMasks.WithClims, TagsToMasks.WithCam, ClimsSeeds.Pipeline }.Select(WithKnownMethods).OfType<Pipeline>()];

    /// <summary>The pipeline of a name, in upper or lower case; null if there is none.</summary>
    public static Pipeline? Find(string? name) => All.FirstOrDefault(pipeline => pipeline.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>With those of its choices whose methods there are; null where none is left.</summary>
    private static Pipeline? WithKnownMethods(Pipeline pipeline)
    {
        bool IsKnown(PipelineStage stage) => MethodCatalog.Find(stage.Method) is not null;
        if (pipeline.Choice is not { } choice)
            return pipeline.Stages.All(IsKnown) ? pipeline : null;
        List<string> values = [.. choice.Values.Where(value => pipeline.StagesOf(value).All(IsKnown))];
        return values.Count == 0 ? null : pipeline with { Stages = [.. pipeline.Stages.Where(IsKnown)], Choice = choice with { Values = values } };
    }

    /// <summary>The sentence for a name that no pipeline has.</summary>
    public static string NotFound(string? name) =>
        $"There is no pipeline '{name}'. Known pipelines: {string.Join(", ", All.Select(pipeline => pipeline.Name))}.";
}
