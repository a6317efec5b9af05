using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>
/// COCO's run-length code of a mask: lengths of runs, outside and inside by turns and outside first, column by column from the top left.
/// Written as numbers, or as text of six bits a letter.
/// </summary>
public static class RunLengths
{
    /// <summary>A letter holds 5 bits, lowest first, and whether more follow; 7 of them hold every length there is.</summary>
    private const int LongestNumber = 7;

    /// <param name="text">Each number 5 bits a letter, lowest first, beginning at '0'; bit 6 says that more follow, bit 5 of the last is the sign. From the fourth number on, the
    /// difference from the number two before.</param>
    /// <exception cref="ImageException">The text is damaged. The message goes on after the annotation's name.</exception>
    public static IReadOnlyList<long> Parse(ReadOnlySpan<char> text)
    {
        var runs = new List<long>();
        for (var at = 0; at < text.Length;)
        {
            var (value, letters, more) = (0L, 0, true);
            while (more)
            {
                if (at == text.Length)
                    throw new ImageException("has runs that end in the middle of a number");
                var bits = text[at] - '0';
                if (bits is < 0 or > 63 || letters == LongestNumber)
                    throw new ImageException($"has runs that are damaged at letter {at + 1}");
                at++;
                value |= (bits & 31L) << (5 * letters++);
                more = (bits & 32) != 0;
                if (!more && (bits & 16) != 0)
                    value |= -1L << (5 * letters);
            }
            runs.Add(runs.Count > 2 ? value + runs[^2] : value);
            if (runs[^1] is < 0 or > int.MaxValue)
                throw new ImageException($"has a run of {runs[^1]} pixels");
        }
        return runs;
    }
}
