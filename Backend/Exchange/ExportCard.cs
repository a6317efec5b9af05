using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Exchange;

/// <summary>What an export is: of which run, of which images, and how good it was found. Lies beside the files as <c>card.json</c>.</summary>
internal sealed record ExportCard
{
    public const string FileName = "card.json";

    /// <summary>"label maps", "label maps of soft maps at the threshold 0.3", "soft maps".</summary>
    public required string Content { get; init; }

    public required string Run { get; init; }
    public string? Name { get; init; }

    /// <summary>Equal for runs that give the same result; null in runs that were made before there were keys.</summary>
    public string? Key { get; init; }

    public required string SpecHash { get; init; }
    public required string Method { get; init; }
    public required long Seed { get; init; }
    public required string CodeVersion { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required string Dataset { get; init; }

    /// <summary>Split to number of images.</summary>
    public required IReadOnlyDictionary<string, int> Splits { get; init; }

    /// <summary>Label names in label order: the background, then the classes. 255 is undecided.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>What was measured of the run, each under its protocol.</summary>
    public required IReadOnlyList<CardScore> Scores { get; init; }

    public static ExportCard Of(RunSpec spec, IImageDataset dataset, string content, IReadOnlyDictionary<string, int> splits,
        IEnumerable<RunEvaluated> evaluations) => new()
    {
        Content = content,
        Run = spec.Id,
        Name = spec.Name,
        Key = spec.Key,
        SpecHash = spec.Hash,
        Method = spec.Method,
        Seed = spec.Seed,
        CodeVersion = spec.CodeVersion,
        Created = spec.Created,
        Dataset = string.IsNullOrEmpty(dataset.Variant) ? dataset.Name : $"{dataset.Name} ({dataset.Variant})",
        Splits = splits,
        Labels = dataset.Classes.LabelNames,
        Scores = [.. evaluations.Where(evaluation => !evaluation.Reference)
            .Select(evaluation => new CardScore(evaluation.Row, evaluation.Miou, evaluation.Interval, evaluation.Protocol.Key, evaluation.Protocol))],
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RunJson.Indented);
}

/// <summary>One measured mIoU, 0..1.</summary>
internal sealed record CardScore(string Row, double Miou, ConfidenceInterval? Interval, string Key, Protocol Protocol);
