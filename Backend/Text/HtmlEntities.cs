using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Dashboard.Backend.Text;

/// <summary>
/// HTML's character references, read as HTML 5 wants it: numbers from 128 to 159 mean Windows-1252, and the names of Latin-1 need no semicolon.
/// Names are those of HTML 4.
/// </summary>
internal static partial class HtmlEntities
{
    private const int LongestName = 6;

    /// <param name="semicolonOptional">Whether <c>&amp;copy2020</c> and <c>&amp;#169</c> count as well, as in browsers.</param>
    public static string Unescape(string text, bool semicolonOptional) => Reference().Replace(text, match =>
    {
        var (reference, ends) = (match.Groups["reference"].Value, match.Groups["end"].Length > 0);
        if (reference[0] == '#')
            return ends || semicolonOptional ? Number(reference) : match.Value;
        if (ends && Named(reference) is { } whole)
            return whole;
        if (!semicolonOptional)
            return match.Value;
        for (var length = Math.Min(reference.Length, LongestName); length >= 2; length--)
            if (Legacy(reference[..length]) is { } start)
                return start + match.Value[(length + 1)..];
        return match.Value;
    });

    private static string Number(string reference)
    {
        var (digits, style) = reference[1] is 'x' or 'X' ? (reference[2..], NumberStyles.HexNumber) : (reference[1..], NumberStyles.None);
        if (!int.TryParse(digits, style, CultureInfo.InvariantCulture, out var code) || code == 0 || !Rune.IsValid(code))
            return "\uFFFD";
        return code is >= 0x80 and < 0xA0 ? Windows1252.FromByte((byte)code).ToString() : new Rune(code).ToString();
    }

    private static string? Named(string name)
    {
        var decoded = WebUtility.HtmlDecode($"&{name};");
        return decoded[0] == '&' && decoded.Length > 1 ? Legacy(name) : decoded;
    }

    /// <summary>A name that browsers know without its semicolon.</summary>
    private static string? Legacy(string name)
    {
        if (name is "AMP" or "COPY" or "GT" or "LT" or "QUOT" or "REG")
            name = name.ToLowerInvariant();
        var decoded = name == "apos" ? "" : WebUtility.HtmlDecode($"&{name};");
        return decoded.Length == 1 && decoded[0] <= 'ÿ' ? decoded : null;
    }

    [GeneratedRegex(@"&(?<reference>#[0-9]+|#[xX][0-9a-fA-F]+|[^\t\n\f <&#;]{1,32})(?<end>;?)")]
    private static partial Regex Reference();
}
