using System.Diagnostics;
using System.Text.Json;

namespace Dashboard.Backend.Training;

/// <summary>What was done on a thread, from one <see cref="Stopwatch.GetTimestamp"/> to another.</summary>
/// <param name="Track">The thread's name.</param>
internal sealed record TraceSpan(string Name, string Track, long Began, long Ended)
{
    /// <summary>0 where the span belongs to none.</summary>
    public int Epoch { get; init; }
}

/// <summary>
/// Spans as a file that Perfetto and chrome://tracing open: "complete" events of Google's Trace Event Format, a track a thread, times in microseconds
/// from the first span on. Spans of one track that lie within each other are drawn nested.
/// </summary>
internal static class TraceFile
{
    private const double MicrosecondsASecond = 1e6;

    /// <param name="process">What the tracks stand under.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Write(string path, string process, IReadOnlyList<TraceSpan> spans)
    {
        using var file = new FileStream(path, FileMode.Create);
        using var json = new Utf8JsonWriter(file);
        var tracks = spans.Select(span => span.Track).Distinct().Index().ToDictionary(track => track.Item, track => track.Index + 1);
        var origin = spans.Min(span => span.Began);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        WriteName("process_name", 0, process);
        foreach (var (name, track) in tracks)
            WriteName("thread_name", track, name);
        foreach (var span in spans.OrderBy(span => span.Began).ThenByDescending(span => span.Ended))
            WriteSpan(span);
        json.WriteEndArray();
        json.WriteEndObject();

        void WriteName(string what, int track, string name)
        {
            Begin(what, "M", track);
            json.WriteStartObject("args");
            json.WriteString("name", name);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        void WriteSpan(TraceSpan span)
        {
            Begin(span.Name, "X", tracks[span.Track]);
            json.WriteNumber("ts", Microseconds(origin, span.Began));
            json.WriteNumber("dur", Microseconds(span.Began, span.Ended));
            if (span.Epoch > 0)
            {
                json.WriteStartObject("args");
                json.WriteNumber("epoch", span.Epoch);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }

        void Begin(string name, string phase, int track)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("ph", phase);
            json.WriteNumber("pid", 1);
            json.WriteNumber("tid", track);
        }
    }

    private static double Microseconds(long from, long to) => Math.Round((to - from) * MicrosecondsASecond / Stopwatch.Frequency, 3);
}
