namespace Dashboard.Domain.Datasets;

/// <summary>The foreground classes of a data set, in label order: class k has label k+1, background label 0.</summary>
public sealed record ClassSet(IReadOnlyList<string> Names)
{
    /// <summary>Labels are bytes: 0 is background, 255 ignore.</summary>
    public const int Most = 254;

    public int Count => Names.Count;

    /// <summary>Names by label, "background" first.</summary>
    public IReadOnlyList<string> LabelNames { get; } = ["background", .. Names];

    /// <summary>Checks names that a person has given.</summary>
    /// <returns>Null where they can be classes; otherwise which of them cannot, and what to do.</returns>
    public static string? Fault(IReadOnlyList<string> names)
    {
        if (names.Count is 0 or > Most)
            return $"Give 1 to {Most} classes, not {names.Count}.";
        var seen = new HashSet<string>(ClassName.Comparer);
        for (var k = 0; k < names.Count; k++)
        {
            var name = ClassName.Tidy(names[k]);
            if (name.Length == 0)
                return $"Class {k + 1} of {names.Count} has no name. Remove it or name it.";
            if (ClassName.Fault(name) is { } fault)
                return $"The class {fault}. Correct its name.";
            if (ClassName.IsBackground(name))
                return $"The class '{name}' is the background, which is always there. Remove it.";
            if (!seen.Add(name))
                return $"The class '{name}' is given twice. Remove one of them.";
        }
        return null;
    }
}
