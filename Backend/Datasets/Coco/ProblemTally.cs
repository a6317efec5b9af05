using Dashboard.Backend.Datasets.Check;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>Problems of one file: the first of every kind by name, then how many more there are.</summary>
internal sealed class ProblemTally(string file)
{
    /// <summary>Enough to see a pattern; a file can have millions.</summary>
    private const int Named = 20;

    private readonly List<DatasetProblem> _named = [];
    private readonly Dictionary<(ProblemSeverity Severity, string Kind, string Remedy), long> _counts = [];

    /// <summary>What was counted, in the order in which it was found.</summary>
    public IReadOnlyList<DatasetProblem> Problems =>
    [
        .. _named,
        .. _counts.Where(count => count.Value > Named)
            .Select(count =>
                new DatasetProblem(count.Key.Severity, file, $"has {count.Value - Named:N0} more of these: {count.Key.Kind}", count.Key.Remedy)),
    ];

    /// <param name="kind">What all problems of the kind have in common: "an annotation of an image that the file does not list".</param>
    /// <param name="message">What is wrong, without the file's name.</param>
    public void Add(ProblemSeverity severity, string kind, string message, string remedy)
    {
        var key = (severity, kind, remedy);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
        if (_counts[key] <= Named)
            _named.Add(new(severity, file, message, remedy));
    }
}
