using System.Globalization;
using System.Text;

namespace Dashboard.Backend.Text;

/// <summary>
/// BERT's uncased tokeniser: words without accents and in lower case, punctuation and Chinese characters alone, each word cut into the longest pieces
/// that the vocabulary has (Devlin et al., NAACL 2019; WordPiece: Wu et al., 2016). Accents are taken from Latin, Greek and Cyrillic letters; a
/// special token's name in a text is text.
/// </summary>
public sealed class WordPieceTokenizer(WordPieceVocabulary vocabulary)
{
    /// <summary>A longer word is unknown.</summary>
    private const int LongestWord = 100;

    /// <summary>Stands before a piece that continues a word.</summary>
    private const string Continuation = "##";

    public WordPieceVocabulary Vocabulary { get; } = vocabulary;

    /// <summary>The text tower's input: [CLS], the text's ids, [SEP], then [PAD]; a text that is too long is cut, as SimSeg does.</summary>
    /// <param name="length">Tokens in all: 25 in SimSeg.</param>
    /// <returns>Ids, and 1 where there is a token, 0 in the padding; <paramref name="length"/> each.</returns>
    public (long[] Ids, long[] Mask) Tokenize(string text, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        long[] tokens = [Vocabulary.Start, .. Words(text).SelectMany(Pieces).Take(length - 2), Vocabulary.End];
        var (ids, mask) = (new long[length], new long[length]);
        Array.Fill(ids, Vocabulary.Padding);
        tokens.CopyTo(ids, 0);
        Array.Fill(mask, 1, 0, tokens.Length);
        return (ids, mask);
    }

    /// <summary>The ids of a text, without [CLS] and [SEP].</summary>
    public IReadOnlyList<long> Encode(string text) => [.. Words(text).SelectMany(Pieces)];

    /// <summary>Words of a text that the model reads as [UNK]: it cannot tell one of them from another.</summary>
    public IReadOnlyList<string> UnknownWords(string text) => [.. Words(text).Where(word => Pieces(word).Contains(Vocabulary.Unknown)).Distinct()];

    /// <summary>Basic tokenisation: runs of what is neither space nor punctuation, and each punctuation mark and Chinese character alone.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in AccentComposition.Decompose(Clean(text)).EnumerateRunes())
        {
            var isSpace = IsSpace(rune);
            var standsAlone = !isSpace && (IsPunctuation(rune) || IsChinese(rune));
            if ((isSpace || standsAlone) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (standsAlone)
                yield return rune.ToString();
            else if (!isSpace && Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                word.Append(Rune.ToLowerInvariant(rune).ToString());
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    /// <summary>
    /// Greedy: the longest piece that the vocabulary has, then the same with the rest; the whole word is unknown where nothing fits.
    /// </summary>
    private List<long> Pieces(string word)
    {
        List<long> unknown = [Vocabulary.Unknown];
        if (word.EnumerateRunes().Count() > LongestWord)
            return unknown;
        var pieces = new List<long>();
        for (int start = 0, end; start < word.Length; start = end)
        {
            var prefix = start > 0 ? Continuation : "";
            for (end = word.Length; end > start && Vocabulary.IdOf(prefix + word[start..end]) is null; end--)
            {
            }

            if (end == start)
                return unknown;
            pieces.Add(Vocabulary.IdOf(prefix + word[start..end])!.Value);
        }

        return pieces;
    }

    /// <summary>Without control characters, and those that stand for none.</summary>
    private static string Clean(string text)
    {
        var cleaned = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value is not (0 or 0xFFFD) && (IsSpace(rune) || !IsControl(rune)))
                cleaned.Append(rune.ToString());
        return cleaned.ToString();
    }

    private static bool IsSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator;

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned;

    /// <summary>Every ASCII character that is neither letter, digit nor space, although Unicode calls some of them symbols.</summary>
    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is >= 33 and <= 47 or >= 58 and <= 64 or >= 91 and <= 96 or >= 123 and <= 126
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation;

    /// <summary>The blocks of CJK ideographs that BERT names; not Hangul, Hiragana or Katakana, whose words have spaces.</summary>
    private static bool IsChinese(Rune rune) => rune.Value
        is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F or >= 0x2B740 and <= 0x2B81F
        or >= 0x2B820 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;
}
