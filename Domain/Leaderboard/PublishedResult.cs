using Dashboard.Domain.Runs;

namespace Dashboard.Domain.Leaderboard;

/// <summary>A number from the literature, shown beside runs of the same protocol and ranked against no other.</summary>
/// <param name="Miou">0..1.</param>
/// <param name="Supervision">What it was trained from: "image tags", "image tags + CLIP", "image tags + saliency", "captions".</param>
/// <param name="Source">Where the number was published.</param>
/// <param name="Remark">What a reader must know before comparing; null where there is nothing.</param>
public sealed record PublishedResult(string Method, double Miou, string Supervision, string Source, Protocol Protocol, string? Remark = null);
