using System.Text.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Sweeps;

/// <summary>What has been launched of a sweep: <c>sweeps/GROUP.json</c> in the data folder.</summary>
/// <param name="Group">Borne by the runs that were made for it.</param>
/// <param name="Rungs">Epochs of each, all there will be; see <see cref="SweepPlan.Rungs"/>.</param>
/// <param name="Stopped">Why nothing more is begun; null where it goes on.</param>
public sealed record SweepRecord(string Group, SweepRequest Request, DateTimeOffset Created, IReadOnlyList<RecordedPoint> Points,
    IReadOnlyList<int?> Rungs, string? Stopped = null)
{
    /// <summary>Bytes: ten thousand points with a dozen options each.</summary>
    private const int Longest = 64 << 20;

    /// <summary>The rung that was launched last.</summary>
    public int Rung => Points.Max(point => point.Rungs.Count) - 1;

    /// <summary>Null where there is none of this name, or where it cannot be read.</summary>
    /// <param name="group">May come from a browser.</param>
    public static SweepRecord? Read(DataFolder data, string group)
    {
        var path = PathOf(data, group);
        if (!group.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || !File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<SweepRecord>(SmallFile.Read(path, Longest), RunJson.Strict);
        }
        catch (Exception error) when (error is IOException or JsonException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All there are, each with a sign that is another one when its record has been written since.</summary>
    public static IReadOnlyList<(string Group, string Sign)> Signs(DataFolder data) => !Directory.Exists(data.Sweeps) ? [] :
        [.. new DirectoryInfo(data.Sweeps).EnumerateFiles("*.json").Select(file => (Path.GetFileNameWithoutExtension(file.Name),
            $"{file.Length} {file.LastWriteTimeUtc.Ticks}"))];

    /// <summary>All, newest first.</summary>
    public static IEnumerable<SweepRecord> Newest(DataFolder data) => !Directory.Exists(data.Sweeps) ? [] :
        new DirectoryInfo(data.Sweeps).EnumerateFiles("*.json").OrderByDescending(file => file.Name[^("yyyyMMdd-HHmmss-1f2e.json".Length)..])
            .Select(file => Read(data, Path.GetFileNameWithoutExtension(file.Name))).OfType<SweepRecord>();

    /// <summary>The record with the scored runs of a rung, in the order of <see cref="SweepPlan.Runs"/>.</summary>
    public SweepRecord With(IReadOnlyList<(int Point, string Run)> launched)
    {
        var runs = launched.ToLookup(run => run.Point, run => run.Run);
        return this with
        {
            Points = [.. Points.Select((point, index) => runs.Contains(index) ? point with { Rungs = [.. point.Rungs, [.. runs[index]]] } : point)],
        };
    }

    /// <summary>The scored runs of the rung that was launched last; all before have ended.</summary>
    public IEnumerable<string> RunsOfLastRung()
    {
        var reached = Rung + 1;
        return Points.Where(point => point.Rungs.Count == reached).SelectMany(point => point.Rungs[^1]);
    }

    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(DataFolder data)
    {
        Directory.CreateDirectory(data.Sweeps);
        WholeFile.Write(PathOf(data, Group), file => JsonSerializer.Serialize(file, this, RunJson.Indented));
    }

    private static string PathOf(DataFolder data, string group) => Path.Combine(data.Sweeps, group + ".json");
}

/// <summary>A point and the runs that stand for it.</summary>
/// <param name="Rungs">By rung, the scored run of each seed; as many rungs as the point has reached.</param>
public sealed record RecordedPoint(IReadOnlyDictionary<string, JsonNode> Values, IReadOnlyList<IReadOnlyList<string>> Rungs);
