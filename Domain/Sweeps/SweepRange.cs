using System.Globalization;
using System.Text.Json.Nodes;

namespace Dashboard.Domain.Sweeps;

/// <summary>The numbers from <paramref name="Low"/> to <paramref name="High"/>, both included.</summary>
/// <param name="IsLogarithmic">Equal factors count as equal steps.</param>
/// <param name="IsWhole">Of an option that is a whole number.</param>
/// <param name="Steps">Numbers that a grid takes of it.</param>
public sealed record SweepRange(double Low, double High, bool IsLogarithmic, bool IsWhole, int Steps)
{
    /// <summary>Digits of a drawn number: an option that a person can read and type again.</summary>
    private const int Digits = 4;

    /// <param name="share">0..1 of the way.</param>
    public JsonNode At(double share)
    {
        var value = IsLogarithmic ? Low * Math.Pow(High / Low, share) : Low + share * (High - Low);
        return IsWhole ? JsonValue.Create((long)Math.Clamp(Math.Round(value), Low, High)) : JsonValue.Create(Math.Clamp(Readable(value), Low, High));
    }

    /// <summary>Evenly spaced; whole numbers that coincide are one.</summary>
    public IReadOnlyList<JsonNode> Grid() =>
        [.. Enumerable.Range(0, Steps).Select(i => At(Steps == 1 ? 0.5 : i / (Steps - 1.0))).DistinctBy(value => value.ToJsonString())];

    private static double Readable(double value) =>
        double.Parse(value.ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
