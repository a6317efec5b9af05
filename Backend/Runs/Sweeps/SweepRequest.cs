using Dashboard.Domain.Sweeps;

namespace Dashboard.Backend.Runs.Sweeps;

/// <summary>A sweep as asked for by page, command line or API.</summary>
/// <param name="Target">A method's name or a pipeline's.</param>
/// <param name="Axes">What is tried, as typed: "cbsWeight=4,16,64", "regWeight=20..100:log"; in a pipeline "clims.regWeight=20..100".</param>
/// <param name="Sampling">Null: a grid where no number of points is given, Sobol's sequence otherwise.</param>
/// <param name="Points">Null: all of a grid.</param>
/// <param name="Seeds">Every point is trained with each; null for 0 alone.</param>
/// <param name="SamplingSeed">Of the choice of points.</param>
/// <param name="Halving">Whether all points begin with few epochs and only the best go on: <see cref="SuccessiveHalving"/>.</param>
/// <param name="Hours">After which nothing more is begun; null for no such limit.</param>
/// <param name="Set">Options of all points that differ from the preset's, as typed.</param>
/// <param name="Inputs">Runs that every point starts from, by role, of a method; null for none.</param>
/// <param name="Name">A title; null for none.</param>
/// <param name="Ablation">Whether the points are the variants of the method's ablation; there are no axes then.</param>
public sealed record SweepRequest(
    string Target,
    string Dataset,
    IReadOnlyList<string>? Axes = null,
    string? Preset = null,
    string? Device = null,
    SweepSampling? Sampling = null,
    int? Points = null,
    IReadOnlyList<long>? Seeds = null,
    long SamplingSeed = 0,
    bool Halving = false,
    double? Hours = null,
    IReadOnlyList<string>? Set = null,
    IReadOnlyDictionary<string, string>? Inputs = null,
    string? Name = null,
    bool Ablation = false);
