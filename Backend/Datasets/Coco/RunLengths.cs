using System.Text;
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

    /// <param name="text">Each number 5 bits a letter, lowest first, beginning at '0'; bit 6 says that more follow, bit 5 of the last is the sign.
    /// From the fourth number on, the
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

    /// <summary>The runs of a mask.</summary>
    /// <param name="mask"><c>[height * width]</c>, row by row.</param>
    public static IReadOnlyList<long> Of(ReadOnlySpan<bool> mask, int width, int height)
    {
        var (runs, run, inside) = (new List<long>(), 0L, false);
        for (var x = 0; x < width; x++)
            for (var pixel = x; pixel < width * height; pixel += width)
            {
                if (mask[pixel] != inside)
                {
                    runs.Add(run);
                    (run, inside) = (0, !inside);
                }
                run++;
            }
        runs.Add(run);
        return runs;
    }

    /// <summary>As text, letter for letter what pycocotools writes; <see cref="Parse"/> reads it.</summary>
    public static string Format(IReadOnlyList<long> runs)
    {
        var text = new StringBuilder();
        for (var i = 0; i < runs.Count; i++)
        {
            var value = i > 2 ? runs[i] - runs[i - 2] : runs[i];
            bool more;
            do
            {
                var bits = value & 31;
                value >>= 5;
                // The sign is bit 5 of the last letter.
                more = (bits & 16) != 0 ? value != -1 : value != 0;
                text.Append((char)('0' + bits + (more ? 32 : 0)));
            }
            while (more);
        }
        return text.ToString();
    }
}
