namespace Dashboard.Backend.Datasets;

/// <summary>How bad a problem is.</summary>
public enum ProblemSeverity
{
    /// <summary>Training works, but the numbers may not mean what they seem to.</summary>
    Warning,

    /// <summary>A run that touches the file fails.</summary>
    Error,
}

/// <summary>One thing that is wrong with a data set.</summary>
/// <param name="File">The file or folder at fault.</param>
/// <param name="Message">What is wrong, without the file's name: "is missing".</param>
/// <param name="Remedy">What to do, as a sentence.</param>
public sealed record DatasetProblem(ProblemSeverity Severity, string File, string Message, string Remedy)
{
    public override string ToString() => $"{File}: {Message}. {Remedy}";

    internal static DatasetProblem Error(string file, string message, string remedy) => new(ProblemSeverity.Error, file, message, remedy);

    internal static DatasetProblem Warning(string file, string message, string remedy) => new(ProblemSeverity.Warning, file, message, remedy);
}
