using Dashboard.Backend.Datasets.Coco;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Check;

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

    /// <summary>Of an image that cannot be read.</summary>
    internal static DatasetProblem OfImage(Sample sample, ImageException error) => Undecodable(sample.ImagePath, Reason(error, sample.ImagePath));

    /// <summary>Of a mask that cannot be read.</summary>
    internal static DatasetProblem OfMask(Sample sample, ImageException error)
    {
        var reason = Reason(error, sample.MaskPath!);
        return sample.Drawn is null
            ? Undecodable(sample.MaskPath!, reason)
            : Error(sample.MaskPath!, $"gives {sample.Id} a mask that cannot be drawn: {reason.Replace($". {CocoMasks.Remedy.TrimEnd('.')}", "")}",
                CocoMasks.Remedy);
    }

    internal static DatasetProblem Warning(string file, string message, string remedy) => new(ProblemSeverity.Warning, file, message, remedy);

    private static DatasetProblem Undecodable(string file, string reason) =>
        Error(file, $"cannot be decoded: {reason}", "Replace it with a sound copy.");

    private static string Reason(ImageException error, string file) => error.Message.Replace(file, "it").TrimEnd('.');
}
