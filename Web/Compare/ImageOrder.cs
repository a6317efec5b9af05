namespace Dashboard.Web.Compare;

/// <summary>What images are sorted by.</summary>
public enum OrderKind
{
    /// <summary>As the split lists them.</summary>
    Split,

    /// <summary>IoU of source A, lowest first.</summary>
    Lowest,

    /// <summary>IoU of source A, highest first.</summary>
    Highest,

    /// <summary>By how much A's IoU is above B's, most first.</summary>
    Difference,

    /// <summary>Share of pixels that A and B label differently, most first.</summary>
    Disagreement,
}

/// <summary>An order of images, as addresses name it: <c>split</c>, <c>lowest-0</c>, <c>difference-0-1</c>.</summary>
/// <param name="A">Number of a source, from 0.</param>
public readonly record struct ImageOrder(OrderKind Kind, int A = 0, int B = 0)
{
    /// <returns>Null where it is not an order of that many sources.</returns>
    public static ImageOrder? Parse(string? text, int sources)
    {
        var parts = (text ?? "").Split('-');
        if (!Enum.TryParse<OrderKind>(parts[0], ignoreCase: true, out var kind) || parts[0].Any(char.IsAsciiDigit))
            return null;
        var numbers = parts.Skip(1).Select(part => int.TryParse(part, out var number) && number < sources ? number : -1).ToList();
        return numbers.Count == Operands(kind) && !numbers.Any(number => number < 0)
            ? new(kind, numbers.ElementAtOrDefault(0), numbers.ElementAtOrDefault(1))
            : null;
    }

    public override string ToString() => Operands(Kind) switch
    {
        0 => Kind.ToString().ToLowerInvariant(),
        1 => $"{Kind.ToString().ToLowerInvariant()}-{A}",
        _ => $"{Kind.ToString().ToLowerInvariant()}-{A}-{B}",
    };

    private static int Operands(OrderKind kind) => kind switch
    {
        OrderKind.Split => 0,
        OrderKind.Lowest or OrderKind.Highest => 1,
        _ => 2,
    };
}
