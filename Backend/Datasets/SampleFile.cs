using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets;

/// <summary>Reads a file of a data set where a fault is reported and does not end the work.</summary>
internal static class SampleFile
{
    /// <returns>Null where the file is missing or cannot be read, which is reported.</returns>
    public static T? TryRead<T>(string path, Func<T> read, Func<ImageException, DatasetProblem> problem, Action<DatasetProblem> report)
        where T : class
    {
        try
        {
            if (File.Exists(path))
                return read();
            report(DatasetProblem.Error(path, "is missing", "Restore it, or take it off the list."));
        }
        catch (ImageException error)
        {
            report(problem(error));
        }
        return null;
    }
}
