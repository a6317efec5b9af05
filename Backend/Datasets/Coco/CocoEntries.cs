using System.Text.Json;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>One element of <c>categories</c>.</summary>
/// <param name="Parent">Its <c>supercategory</c>.</param>
internal sealed record CocoCategory(long Id, string Name, string? Parent);

/// <summary>One element of <c>images</c>. A side is 0 where the file does not give it.</summary>
internal sealed record CocoImage(long Id, string FileName, int Width, int Height)
{
    private const int LongestShown = 120;

    /// <summary>The name for messages: one line of printable characters.</summary>
    public string Shown => Show(FileName);

    public static string Show(string name) =>
        string.Concat((name.Length <= LongestShown ? name : name[..LongestShown] + "...").Select(letter => char.IsControl(letter) ? '?' : letter));
}

/// <summary>What is kept of an element of <c>annotations</c> while the file is read.</summary>
/// <param name="Area">In pixels; NaN where the file does not give it.</param>
internal readonly record struct CocoAnnotation(long Id, long Image, long Category, bool IsCrowd, bool HasOutline, double Area);

/// <summary>Reads single elements. An element that lacks something, or has it in the wrong form, gives a sentence in place of a value.</summary>
internal static class CocoEntries
{
    /// <summary>In characters: the kernel takes no longer path.</summary>
    private const int LongestName = 4096;

    public static CocoCategory? Category(ReadOnlySpan<byte> json, out string fault)
    {
        var (id, name, parent) = ((long?)null, (string?)null, (string?)null);
        var reader = new Utf8JsonReader(json);
        fault = "is not an object";
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
                id = Whole(ref reader);
            else if (reader.ValueTextEquals("name"u8))
                name = Text(ref reader)?.Trim();
            else if (reader.ValueTextEquals("supercategory"u8))
                parent = Text(ref reader)?.Trim();
            else
                Skip(ref reader);
        }
        fault = id is null ? "has no whole number as 'id'" : "has no 'name'";
        return id is null || string.IsNullOrEmpty(name) ? null : new(id.Value, name, parent);
    }

    public static CocoImage? Image(ReadOnlySpan<byte> json, out string fault)
    {
        var (id, file, width, height) = ((long?)null, (string?)null, 0L, 0L);
        var reader = new Utf8JsonReader(json);
        fault = "is not an object";
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
                id = Whole(ref reader);
            else if (reader.ValueTextEquals("file_name"u8))
                file = Text(ref reader);
            else if (reader.ValueTextEquals("width"u8))
                width = Whole(ref reader) ?? 0;
            else if (reader.ValueTextEquals("height"u8))
                height = Whole(ref reader) ?? 0;
            else
                Skip(ref reader);
        }
        if (width is < 0 or > int.MaxValue || height is < 0 or > int.MaxValue)
        {
            fault = $"is {width}x{height} pixels";
            return null;
        }
        fault = id is null ? "has no whole number as 'id'" : "has no 'file_name' that a file can have";
        return id is null || string.IsNullOrWhiteSpace(file) || file.Length > LongestName || file.Contains('\0')
            ? null
            : new(id.Value, file, (int)width, (int)height);
    }

    public static CocoAnnotation? Annotation(ReadOnlySpan<byte> json, out string fault)
    {
        var (id, image, category, isCrowd, hasOutline, area) = (-1L, (long?)null, (long?)null, false, false, double.NaN);
        var reader = new Utf8JsonReader(json);
        fault = "is not an object";
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
                id = Whole(ref reader) ?? -1;
            else if (reader.ValueTextEquals("image_id"u8))
                image = Whole(ref reader);
            else if (reader.ValueTextEquals("category_id"u8))
                category = Whole(ref reader);
            else if (reader.ValueTextEquals("iscrowd"u8))
            {
                reader.Read();
                isCrowd = reader.TokenType == JsonTokenType.True || (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var crowd)
                    && crowd != 0);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("area"u8))
                area = Number(ref reader);
            else if (reader.ValueTextEquals("segmentation"u8))
                hasOutline = IsFilled(ref reader);
            else
                Skip(ref reader);
        }
        fault = image is null ? "has no whole number as 'image_id'" : "has no whole number as 'category_id'";
        return image is null || category is null ? null : new(id, image.Value, category.Value, isCrowd, hasOutline, area);
    }

    /// <summary>True at the name of the element's next property.</summary>
    internal static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    internal static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>Finite; NaN where the value is not a number.</summary>
    internal static double Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value))
            return value;
        reader.Skip();
        return double.NaN;
    }

    /// <summary>Identifiers are whole numbers; some programs write them as text, or as 7.0.</summary>
    private static long? Whole(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetInt64(out var whole)
                ? whole
                : reader.TryGetDouble(out var value) && value == Math.Floor(value) && Math.Abs(value) < 1L << 53
                ? (long)value
                : null;
        if (Value(ref reader) is { } text
            && long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture,
            out var written))
            return written;
        return null;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return Value(ref reader);
    }

    /// <summary>Null for what is not text, or none that can be decoded.</summary>
    private static string? Value(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            try
            {
                return reader.GetString();
            }
            catch (InvalidOperationException)
            {
                // No UTF-8, or half of a surrogate pair.
                return null;
            }
        }
        reader.Skip();
        return null;
    }

    /// <summary>An outline is an object with runs, or an array with at least one polygon in it: <c>[]</c> and <c>[[]]</c> stand for none.</summary>
    private static bool IsFilled(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }
        if (reader.TokenType is not JsonTokenType.StartArray)
            return reader.TokenType is not JsonTokenType.Null;
        var (depth, isFilled) = (reader.CurrentDepth, false);
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
            isFilled |= reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray);
        return isFilled;
    }
}
