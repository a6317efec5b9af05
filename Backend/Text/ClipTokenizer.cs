using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Dashboard.Backend.Text;

/// <summary>
/// CLIP's tokeniser: words by a fixed pattern, each word's UTF-8 bytes merged pair by pair (byte pair encoding, Sennrich et al., ACL 2016),
/// as in openai/CLIP, simple_tokenizer.py and clip.tokenize.
/// </summary>
public sealed class ClipTokenizer(ClipVocabulary vocabulary)
{
    private readonly BpeTokenizer _merging = vocabulary.Merging();

    /// <summary>Tokens of a text in the published models.</summary>
    public const int DefaultContextLength = 77;

    /// <summary>What is a word whatever stands around it.</summary>
    private static readonly string[] FixedWords = ["<|startoftext|>", "<|endoftext|>", "'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    /// <summary>Ids of a vocabulary that was made of its model's captions; OpenAI's has 49408.</summary>
    private const int LargestOfCaptions = 10_000;

    private enum CharacterKind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    public ClipVocabulary Vocabulary { get; } = vocabulary;

    /// <summary>The text tower's input: start, the text's ids, end, and zeros up to the context length.</summary>
    /// <param name="truncate">Cut a text that is too long: its first ids are kept, the last one becomes the end.</param>
    /// <exception cref="TextTooLongException">It is too long, and not to be truncated.</exception>
    public long[] Tokenize(string text, int contextLength = DefaultContextLength, bool truncate = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 2);
        var ids = Encode(text);
        if (ids.Count > contextLength - 2 && !truncate)
            throw new TextTooLongException(text, ids.Count, contextLength);
        var tokens = new long[contextLength];
        var length = Math.Min(ids.Count, contextLength - 2);
        tokens[0] = Vocabulary.StartOfText;
        for (var i = 0; i < length; i++)
            tokens[i + 1] = ids[i];
        tokens[length + 1] = Vocabulary.EndOfText;
        return tokens;
    }

    /// <summary>The ids of a text, cleaned first, without start and end.</summary>
    public IReadOnlyList<long> Encode(string text)
    {
        var ids = new List<long>();
        foreach (var word in Words(text))
        {
            if (ClipVocabulary.IsMarker(word) && Vocabulary.IdOf(word) is { } marker)
                ids.Add(marker);
            else
                ids.AddRange(_merging.EncodeToIds(WellFormed(word)).Select(id => (long)id));
        }

        return ids;
    }

    /// <summary>
    /// Words of a text that the model can hardly know. A small vocabulary is made of the captions that its model has learnt from: a word that is not
    /// whole in it stood in none of them, or in few. A large one cuts many a word that its model knows, such as "surf, board"; only what falls into
    /// pieces of less than two letters on average, such as nonsense and most other scripts, was too rare for its letters to be joined.
    /// </summary>
    public IReadOnlyList<string> UnknownWords(string text) =>
        [.. Words(text).Where(word => char.IsLetter(word[0]) && IsUnknown(word, _merging.EncodeToIds(WellFormed(word)).Count)).Distinct()];

    private bool IsUnknown(string word, int pieces) => pieces > 1 && (Vocabulary.Size <= LargestOfCaptions || 2 * pieces > word.Length);

    /// <summary>The text of ids, a space after each word. Unknown ids are left out; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Decode(IEnumerable<long> ids)
    {
        var bytes = ids.SelectMany(id => Vocabulary.SymbolOf(id) ?? "").Select(ByteSymbols.ByteOf).OfType<byte>().ToArray();
        return Encoding.UTF8.GetString(bytes).Replace(ClipVocabulary.EndOfWord, " ", StringComparison.Ordinal);
    }

    /// <summary>The words of a text, cleaned first.</summary>
    internal static IEnumerable<string> Words(string text)
    {
        text = TextCleaning.Clean(text);
        for (int at = 0, length; at < text.Length; at += length)
        {
            (var kind, length) = WordAt(text, at);
            if (kind != CharacterKind.Space)
                yield return text.Substring(at, length);
        }
    }

    /// <summary>A fixed word, a run of letters, one digit, or a run of anything else.</summary>
    private static (CharacterKind Kind, int Length) WordAt(string text, int at)
    {
        if (FixedWords.FirstOrDefault(word => string.CompareOrdinal(text, at, word, 0, word.Length) == 0) is { } found)
            return (CharacterKind.Other, found.Length);
        var (kind, length) = CharacterAt(text, at);
        if (kind is CharacterKind.Letter or CharacterKind.Other)
            while (at + length < text.Length && CharacterAt(text, at + length) is var next && next.Kind == kind)
                length += next.Length;
        return (kind, length);
    }

    /// <summary>Half a surrogate pair has no UTF-8: it becomes U+FFFD.</summary>
    private static string WellFormed(string word) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(word));

    private static (CharacterKind Kind, int Length) CharacterAt(string text, int at)
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
        return (Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterKind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterKind.Number,
            _ => Rune.IsWhiteSpace(rune) ? CharacterKind.Space : CharacterKind.Other,
        }, length);
    }
}
