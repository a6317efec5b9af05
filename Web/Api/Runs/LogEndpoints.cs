using System.Text;
using Dashboard.Backend.Runs;
using Dashboard.Web.Api.Document;
using Dashboard.Web.Api.Requests;

namespace Dashboard.Web.Api.Runs;

/// <summary><c>/api/runs/{id}/log/piece</c>: the worker log as it grows, for the run page.</summary>
internal static class LogEndpoints
{
    /// <summary>About 500 long lines; also the most that one answer holds.</summary>
    private const int Tail = 128 * 1024;

    public static void MapLogs(this RouteGroupBuilder api) =>
        api.MapGet("/runs/{id}/log/piece", (string id, long? offset, IRunStore store) => store.Folder(id) is { } folder
            ? Results.Ok(Read(folder.WorkerLog, QueryValue.NotNegative(nameof(offset), offset)))
            : Results.Problem($"There is no run '{id}'.", statusCode: StatusCodes.Status404NotFound))
            .Describe(
                "What a run's worker has printed since an offset.", RunEndpoints.Id,
                new("offset", "Bytes to skip: the offset of the last answer. Without it: the end of the log."))
            .Produces<LogPiece>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="offset">Null: the end of the log.</param>
    private static LogPiece Read(string path, long? offset)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // A log that has become shorter was started again.
            var start = offset is { } given && given <= file.Length ? Math.Max(given, file.Length - Tail) : Math.Max(0, file.Length - Tail);
            var bytes = new byte[file.Length - start];
            file.Position = start;
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            // A letter of several bytes may be half written: the rest comes with the next piece.
            var whole = count - Incomplete(bytes.AsSpan(0, count));
            return new LogPiece(start + whole, Encoding.UTF8.GetString(bytes, 0, whole), Skipped: start > (offset ?? 0));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new LogPiece(0, "", Skipped: false);
        }
    }

    /// <summary>Bytes at the end that begin a UTF-8 letter without ending it.</summary>
    private static int Incomplete(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var lead = bytes[^back];
            if (lead < 0x80)
                return 0;
            if (lead >= 0xC0)
                return back < (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) ? back : 0;
        }
        return 0;
    }

    /// <param name="Offset">The offset to ask for next.</param>
    /// <param name="Skipped">Earlier text is not in this piece.</param>
    internal sealed record LogPiece(long Offset, string Text, bool Skipped);
}
