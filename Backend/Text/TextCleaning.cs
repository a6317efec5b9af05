using System.Text;
using System.Text.RegularExpressions;

namespace Dashboard.Backend.Text;

/// <summary>
/// What CLIP does to a text before it looks at words: ftfy's repairs, HTML references twice, single spaces, lower case
/// (openai/CLIP, simple_tokenizer.py: basic_clean, whitespace_clean). Of ftfy it has what ordinary text needs: UTF-8 that was read as
/// Windows-1252 throughout, control characters, ligatures, full-width forms, curly quotes, accents (not half-width kana, not text broken in parts).
/// </summary>
public static partial class TextCleaning
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Dictionary<char, string> Ligatures = new()
    {
        ['Ĳ'] = "IJ", ['ĳ'] = "ij", ['ŉ'] = "'n", ['ﬀ'] = "ff", ['ﬁ'] = "fi", ['ﬂ'] = "fl", ['ﬃ'] = "ffi", ['ﬄ'] = "ffl", ['ﬅ'] = "ſt", ['ﬆ'] = "st",
    };

    public static string Clean(string text)
    {
        text = HtmlEntities.Unescape(HtmlEntities.Unescape(Repair(text), semicolonOptional: true), semicolonOptional: true);
        return ToLower(WhiteSpace().Replace(text, " ").Trim());
    }

    /// <summary>ftfy.fix_text: one repair can make room for another, so they are repeated until nothing changes.</summary>
    private static string Repair(string text)
    {
        const int depth = 10;
        var isHtml = text.Contains('<', StringComparison.Ordinal);
        for (var round = 0; round < depth; round++)
        {
            var before = text;
            if (!isHtml)
                text = HtmlEntities.Unescape(text, semicolonOptional: false);
            text = DecodeMojibake(text);
            text = TerminalEscape().Replace(text, "");
            text = ReplaceCharacters(text);
            text = AccentComposition.Compose(text);
            if (text == before)
                break;
        }

        return text;
    }

    /// <summary>Text whose characters, written as Windows-1252, are UTF-8: "cafÃ©" is "café".</summary>
    private static string DecodeMojibake(string text)
    {
        var bytes = new byte[text.Length];
        var ascii = true;
        for (var i = 0; i < text.Length; i++)
        {
            if (Windows1252.ToByte(text[i]) is not { } value)
                return text;
            bytes[i] = value;
            ascii &= value < 0x80;
        }

        try
        {
            return ascii ? text : StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }

    private static string ReplaceCharacters(string text)
    {
        var replaced = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (Ligatures.TryGetValue(character, out var letters))
                replaced.Append(letters);
            else if (!IsControl(character))
                replaced.Append(character switch
                {
                    >= '\u0080' and < '\u00A0' => Windows1252.FromByte((byte)character),
                    >= '！' and <= '～' => (char)(character - '！' + '!'),
                    >= '‘' and <= '‛' or 'ʼ' => '\'',
                    >= '“' and <= '‟' => '"',
                    _ => character,
                });
        }

        return replaced.ToString();
    }

    /// <summary>ftfy's: control characters that are not white space, deprecated format characters, and the byte order mark.</summary>
    private static bool IsControl(char character) => character
        is <= '\u0008' or '\u000B' or >= '\u000E' and <= '\u001F' or '\u007F' or >= '\u206A' and <= '\u206F' or '\uFEFF' or >= '\uFFF9'
            and <= '\uFFFC';

    /// <summary>Lower case by Unicode's full rules: a sigma at the end of a word is ς, and İ becomes two characters.</summary>
    private static string ToLower(string text) =>
        FinalSigma().Replace(text, "ς").Replace("İ", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"\x1B\[[0-9;]*[a-zA-Z]")]
    private static partial Regex TerminalEscape();

    [GeneratedRegex(@"(?<=\p{L})Σ(?!\p{L})")]
    private static partial Regex FinalSigma();
}
