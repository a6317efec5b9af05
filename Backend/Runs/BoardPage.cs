namespace Dashboard.Backend.Runs;

/// <summary>A piece of the leaderboard: of each protocol some places, the highest mean over seeds first.</summary>
/// <param name="Leading">The best runs of these places, each by its best evaluation, and the trivial references.</param>
/// <param name="Recipes">By run: equal for those that differ in their seed only, and so do the runs that they start from.</param>
/// <param name="Figures">Of all runs of a place, by protocol and recipe.</param>
/// <param name="Places">How many places a protocol has, by its key.</param>
/// <param name="Methods">What each method has reached under each protocol.</param>
public sealed record BoardPage(LeadingEvaluations Leading, IReadOnlyDictionary<string, string> Recipes,
    IReadOnlyDictionary<(string Protocol, string Recipe), PlaceFigures> Figures, IReadOnlyDictionary<string, int> Places,
    IReadOnlyList<MethodScore> Methods)
{
    public static BoardPage Empty { get; } =
        new(new([], new Dictionary<string, int>()), new Dictionary<string, string>(), new Dictionary<(string, string), PlaceFigures>(),
            new Dictionary<string, int>(), []);
}

/// <summary>What all runs of a place have reached, those that are not shown among them.</summary>
/// <param name="Score">Mean of what is ranked by, 0..1; null where none has a score.</param>
/// <param name="Miou">Mean; the next two are its range.</param>
/// <param name="Seeds">Different ones: runs of one seed give one result, or were made by other versions of the program.</param>
public sealed record PlaceFigures(double? Score, double Miou, double Lowest, double Highest, int Runs, int Seeds);

/// <summary>The best of a method under a protocol.</summary>
/// <param name="Protocol">Its key.</param>
/// <param name="Miou">0..1.</param>
/// <param name="Runs">How many were measured.</param>
public sealed record MethodScore(string Protocol, string Method, double Miou, int Runs);
