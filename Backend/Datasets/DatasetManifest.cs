using System.Text.Json;
using System.Text.Json.Serialization;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Files;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Datasets;

/// <summary>
/// <c>dataset.json</c> at the root of a data set in VOC layout: its name and classes, and for a generated one how it was made. Written last, so that
/// its presence says that the data set is complete. A user may write one by hand with just <c>name</c> and <c>classes</c>.
/// </summary>
public sealed record DatasetManifest
{
    public const string FileName = "dataset.json";

    private const long MostBytes = 4 << 20;

    /// <summary>The version of the world whose name says all: the numbers of a later version are not compared with its numbers.</summary>
    private const int StandardVersion = 1;

    /// <summary>As shown and as written into protocols.</summary>
    public string? Name { get; init; }

    /// <summary>Foreground classes in label order; null: the 20 of PASCAL VOC.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The generator: "cooccurrence"; null for a data set that was not generated.</summary>
    public string? Kind { get; init; }

    /// <summary>The generator's version. Another version draws other images.</summary>
    public int? Version { get; init; }

    public long? Seed { get; init; }

    /// <summary>Side of the images in pixels.</summary>
    public int? Size { get; init; }

    /// <summary>Images per split.</summary>
    public IReadOnlyDictionary<string, int>? Splits { get; init; }

    /// <summary>Image-caption pairs in <c>Captions/</c>.</summary>
    public int? Captions { get; init; }

    /// <summary>The stuff that co-occurs with each class; label k+1 in <c>Stuff/ID.png</c> is the stuff of class k.</summary>
    public IReadOnlyList<string>? Stuff { get; init; }

    /// <summary>
    /// As <see cref="Protocol.Variant"/>: seed, side and version, where they differ from the standard world's. The number of images is not part of
    /// it: image i is the same in a longer set.
    /// </summary>
    [JsonIgnore]
    public string? Variant => Kind is null ? null : string.Join(", ", new[]
    {
        Seed is null or 0 ? null : $"seed {Seed}",
        Size is null or CooccurrenceWorld.DefaultSize ? null : $"{Size} px",
        Version is null or StandardVersion ? null : $"version {Version}",
    }.OfType<string>());

    /// <summary>The name on one line, and no longer than a line: it stands in every table. Null where there is none.</summary>
    internal static string? NameOf(DatasetManifest? manifest) => ClassName.Tidy(manifest?.Name) is { Length: > 0 } name
        ? string.Concat(name.Where(character => !char.IsControl(character)).Take(ClassName.Longest))
        : null;

    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="DatasetException">The file is damaged.</exception>
    public static DatasetManifest? Read(string root)
    {
        var path = Path.Combine(root, FileName);
        try
        {
            return File.Exists(path) ? BoundedText.Json<DatasetManifest>(path, "a data set's description", RunJson.Indented, MostBytes) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Correct it, or delete it if the classes are those of PASCAL VOC.");
        }
    }

    public void Write(string root) => File.WriteAllText(Path.Combine(root, FileName), JsonSerializer.Serialize(this, RunJson.Indented));

    /// <summary>True when both describe the same generated images.</summary>
    public bool IsSameAs(DatasetManifest other) => JsonSerializer.Serialize(this, RunJson.Line) == JsonSerializer.Serialize(other, RunJson.Line);
}
