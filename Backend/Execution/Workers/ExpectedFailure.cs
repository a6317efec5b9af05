using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Text;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;

namespace Dashboard.Backend.Execution.Workers;

/// <summary>Tells failures whose message was written for people from faults of the program.</summary>
public static class ExpectedFailure
{
    /// <summary>More of a message than anyone would read.</summary>
    private const int Longest = 300;

    /// <summary>The message names the file or option at fault, and what to do about it.</summary>
    public static bool Is(Exception error) => error
        is InvalidRunException or DatasetException or ModelException or CheckpointException or ImageException or TextTooLongException
        or InvalidDataException or IOException or UnauthorizedAccessException or OutOfMemoryException or LibtorchException or DivergedException;

    /// <summary>The first line of a message that was not written for people; native libraries add their whole call stack.</summary>
    public static string FirstLine(Exception error)
    {
        var line =
            error.GetBaseException().Message.AsSpan().Trim().EnumerateLines() is var lines && lines.MoveNext() ? lines.Current.Trim().ToString() : "";
        line = line.Length == 0 ? error.GetBaseException().GetType().Name : line.Length > Longest ? line[..Longest] + " ..." : line;
        return line.EndsWith('.') ? line : line + ".";
    }
}
