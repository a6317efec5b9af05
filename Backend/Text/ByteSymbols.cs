using System.Text;

namespace Dashboard.Backend.Text;

/// <summary>GPT-2's alphabet: every byte as one printable character, so that byte pairs can be written into a text file.</summary>
internal static class ByteSymbols
{
    /// <summary>The characters in the order of CLIP's vocabulary: bytes that are printable themselves, then the others.</summary>
    public static IReadOnlyList<char> All { get; }

    private static readonly char[] Symbols = new char[256];
    private static readonly Dictionary<char, byte> Bytes = [];

    static ByteSymbols()
    {
        var printable =
            Enumerable.Range('!', '~' - '!' + 1).Concat(Enumerable.Range('¡', '¬' - '¡' + 1)).Concat(Enumerable.Range('®', 'ÿ' - '®' + 1)).ToList();
        var others = Enumerable.Range(0, 256).Except(printable).ToList();
        foreach (var value in printable)
            Symbols[value] = (char)value;
        for (var i = 0; i < others.Count; i++)
            Symbols[others[i]] = (char)(256 + i);
        All = [.. printable.Concat(others).Select(value => Symbols[value])];
        for (var value = 0; value < 256; value++)
            Bytes[Symbols[value]] = (byte)value;
    }

    public static char Of(byte value) => Symbols[value];

    /// <summary>A word's UTF-8 bytes, one symbol each, the last one marked as the word's end.</summary>
    public static string[] OfWord(string word)
    {
        var symbols = Encoding.UTF8.GetBytes(word).Select(value => $"{Of(value)}").ToArray();
        symbols[^1] += ClipVocabulary.EndOfWord;
        return symbols;
    }

    /// <summary>The byte that a character stands for; null for any other character.</summary>
    public static byte? ByteOf(char symbol) => Bytes.TryGetValue(symbol, out var value) ? value : null;
}
