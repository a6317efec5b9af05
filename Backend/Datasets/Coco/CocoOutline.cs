using System.Text.Json;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>The outline of one annotation: polygons, or runs.</summary>
/// <param name="Polygons">x, y, x, y, ... in pixels; null where there are runs.</param>
/// <param name="Runs">As <see cref="RunLengths"/>; null where there are polygons.</param>
internal sealed record CocoOutline(IReadOnlyList<double[]>? Polygons, IReadOnlyList<long>? Runs)
{
    private const int CoordinatesOfTriangle = 6;

    /// <summary>Reads the <c>segmentation</c> of an annotation.</summary>
    /// <param name="json">The annotation.</param>
    /// <exception cref="ImageException">It is not an outline of an image of this size. The message goes on after the annotation's name.</exception>
    /// <exception cref="JsonException">This is not the annotation that once stood here.</exception>
    public static CocoOutline Read(ReadOnlySpan<byte> json, int width, int height)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (CocoEntries.NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("segmentation"u8))
            {
                CocoEntries.Skip(ref reader);
                continue;
            }
            reader.Read();
            return reader.TokenType switch
            {
                JsonTokenType.StartArray => new(ReadPolygons(ref reader), null),
                JsonTokenType.StartObject => new(null, ReadRuns(ref reader, width, height)),
                _ => throw new ImageException("has a segmentation that is neither polygons nor runs"),
            };
        }
        throw new ImageException("has no segmentation");
    }

    public void Fill(InstanceCanvas canvas, byte label)
    {
        foreach (var polygon in Polygons ?? [])
            canvas.FillPolygon(polygon, label);
        if (Runs is not null)
            canvas.FillRuns(Runs, label);
    }

    /// <summary>In pixels, for files that do not give it.</summary>
    public double Area() => Runs is not null ? Runs.Where((_, i) => i % 2 == 1).Sum() : Polygons!.Sum(Area);

    private static double Area(double[] corners)
    {
        var twice = 0.0;
        for (var i = 0; i < corners.Length; i += 2)
        {
            var j = (i + 2) % corners.Length;
            twice += corners[i] * corners[j + 1] - corners[j] * corners[i + 1];
        }
        return Math.Abs(twice) / 2;
    }

    /// <summary>An array of polygons; some programs write a single polygon without the array around it.</summary>
    private static IReadOnlyList<double[]> ReadPolygons(ref Utf8JsonReader reader)
    {
        var polygons = new List<double[]>();
        var single = new List<double>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number)
                single.Add(Coordinate(ref reader));
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                var corners = new List<double>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    corners.Add(Coordinate(ref reader));
                if (corners.Count > 0)
                    polygons.Add(Polygon(corners));
            }
            else
                throw new ImageException("has a polygon that is not an array of numbers");
        }
        if (single.Count > 0)
            polygons.Add(Polygon(single));
        return polygons;
    }

    private static double Coordinate(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw new ImageException("has a polygon with a corner that is not a pair of numbers");

    private static double[] Polygon(List<double> corners) =>
        corners.Count % 2 != 0 ? throw new ImageException($"has a polygon of {corners.Count} numbers, which do not form pairs")
        : corners.Count < CoordinatesOfTriangle ? throw new ImageException($"has a polygon of {corners.Count / 2} corners")
        : [.. corners];

    private static IReadOnlyList<long> ReadRuns(ref Utf8JsonReader reader, int width, int height)
    {
        IReadOnlyList<long>? runs = null;
        var size = new List<double>();
        while (CocoEntries.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("counts"u8))
                runs = ReadCounts(ref reader);
            else if (reader.ValueTextEquals("size"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartArray)
                    throw new ImageException("has runs whose size is not [height, width]");
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    size.Add(Coordinate(ref reader));
            }
            else
                CocoEntries.Skip(ref reader);
        }
        if (size is not [var rows, var columns])
            throw new ImageException("has runs without their size [height, width]");
        if (rows != height || columns != width)
            throw new ImageException($"has runs of {columns}x{rows} pixels, but its image has {width}x{height}");
        return runs ?? throw new ImageException("has runs without counts");
    }

    private static IReadOnlyList<long> ReadCounts(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            var letters = new char[reader.ValueSpan.Length];
            return RunLengths.Parse(letters.AsSpan(0, reader.CopyString(letters)));
        }
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new ImageException("has runs whose counts are neither text nor numbers");
        var runs = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var run) || run is < 0 or > int.MaxValue)
                throw new ImageException($"has a run that is not a number of pixels: run {runs.Count + 1}");
            runs.Add(run);
        }
        return runs;
    }
}
