namespace Dashboard.Backend.Runs;

/// <summary>A piece of the leaderboard: of each protocol some places, the highest mean over seeds first.</summary>
/// <param name="Leading">All runs of these places, each by its best evaluation, and the trivial references.</param>
/// <param name="Recipes">By run: equal for those that differ in their seed only, and so do the runs that they start from.</param>
/// <param name="Places">How many places a protocol has, by its key.</param>
/// <param name="Methods">What each method has reached under each protocol.</param>
public sealed record BoardPage(LeadingEvaluations Leading, IReadOnlyDictionary<string, string> Recipes, IReadOnlyDictionary<string, int> Places,
    IReadOnlyList<MethodScore> Methods)
{
    public static BoardPage Empty { get; } =
        new(new([], new Dictionary<string, int>()), new Dictionary<string, string>(), new Dictionary<string, int>(), []);
}

/// <summary>The best of a method under a protocol.</summary>
/// <param name="Protocol">Its key.</param>
/// <param name="Miou">0..1.</param>
/// <param name="Runs">How many were measured.</param>
public sealed record MethodScore(string Protocol, string Method, double Miou, int Runs);
