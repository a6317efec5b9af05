using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dashboard.Backend.Files;
using Microsoft.ML.Tokenizers;

namespace Dashboard.Backend.Text;

/// <summary>
/// The symbols of a <see cref="ClipTokenizer"/> and the order in which pairs of them merge: OpenAI's, Hugging Face's, or a small one of our own.
/// </summary>
public sealed partial class ClipVocabulary
{
    public const string EndOfWord = "</w>";

    private const string StartOfTextSymbol = "<|startoftext|>";
    private const string EndOfTextSymbol = "<|endoftext|>";

    /// <summary>Whether a word marks the start or the end of a text.</summary>
    internal static bool IsMarker(string word) => word is StartOfTextSymbol or EndOfTextSymbol;

    /// <summary>CLIP uses this many merges of the official file, which has more.</summary>
    private const int MostMerges = 49152 - 256 - 2;

    /// <summary>The official file has 3 MB; anything much larger is something else.</summary>
    private const int MostCharacters = 16 << 20;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<int, string> _symbols;
    private readonly IReadOnlyList<(string Left, string Right)> _merges;

    private ClipVocabulary(string source, IReadOnlyList<(string Left, string Right)> merges, Dictionary<string, int> ids)
    {
        var needed = Alphabet().Concat(merges.SelectMany(merge => new[] { merge.Left, merge.Right, merge.Left + merge.Right })).Append(
            StartOfTextSymbol).Append(EndOfTextSymbol);
        if (needed.FirstOrDefault(symbol => !ids.ContainsKey(symbol)) is { } missing)
            throw new InvalidDataException($"{source}: the symbol '{missing}' has no id.");
        _ids = ids;
        _merges = merges;
        _symbols = ids.ToDictionary(symbol => symbol.Value, symbol => symbol.Key);
        if (EndOfText != ids.Values.Max())
            throw new InvalidDataException(
                $"{source}: the id of '{EndOfTextSymbol}' is {EndOfText}. It must be the largest one, by which CLIP finds the end of a text.");
    }

    /// <summary>The id of every symbol.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>Number of ids: 49408 for CLIP's.</summary>
    public int Size => _ids.Count;

    public int StartOfText => _ids[StartOfTextSymbol];

    /// <summary>The largest id: the text tower takes its feature where this one stands.</summary>
    public int EndOfText => _ids[EndOfTextSymbol];

    /// <summary>Symbols from merges: 256 bytes, the same at the end of a word, one a merge, and the two that mark a text's start and end.</summary>
    /// <param name="merges">The first merges before all others.</param>
    public static ClipVocabulary FromMerges(IReadOnlyList<(string Left, string Right)> merges) => FromMerges("merges", merges);

    /// <summary>A vocabulary of our own, learnt from texts: their words become one symbol each, the most frequent first.</summary>
    /// <param name="mostMerges">0 to 48894, as many as CLIP has: stops here, or earlier when every word is one symbol.</param>
    public static ClipVocabulary Learn(IEnumerable<string> texts, int mostMerges = MostMerges)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostMerges);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostMerges, MostMerges);
        return FromMerges("merges", BytePairMerges.Learn(texts, mostMerges));
    }

    /// <summary>
    /// Writes a file that <see cref="Open"/> reads: a line of heading, then one merge a line. Ids other than those that follow from the merges are
    /// not kept.
    /// </summary>
    /// <exception cref="IOException">The disk is full: what stood at <paramref name="path"/> is untouched.</exception>
    public void Save(string path) => WholeFile.Write(path, file =>
    {
        using var writer = new StreamWriter(file, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("#version: 0.2 - merges of a byte pair encoding");
        foreach (var (left, right) in _merges)
            writer.WriteLine($"{left} {right}");
    });

    /// <summary>
    /// Reads OpenAI's <c>bpe_simple_vocab_16e6.txt.gz</c>, packed or not, or one of our own in that format: a line of heading, then one merge a line;
    /// or a Hugging Face folder with <c>vocab.json</c> and <c>merges.txt</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">Not such a file: names it and the line or symbol at fault.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ClipVocabulary Open(string path)
    {
        if (!Directory.Exists(path))
            return FromMerges(path, ReadMerges(path));
        var vocabulary = Path.Combine(path, "vocab.json");
        return new(vocabulary, ReadMerges(Path.Combine(path, "merges.txt")), ReadIds(vocabulary));
    }

    /// <summary>The id of a symbol; null if there is none.</summary>
    internal int? IdOf(string symbol) => _ids.TryGetValue(symbol, out var id) ? id : null;

    internal string? SymbolOf(long id) => id is >= 0 and <= int.MaxValue && _symbols.TryGetValue((int)id, out var symbol) ? symbol : null;

    /// <summary>What merges the bytes of one word by this vocabulary.</summary>
    internal BpeTokenizer Merging() => BpeTokenizer.Create(new BpeOptions(_ids)
    {
        Merges = _merges.Distinct().Select(merge => $"{merge.Left} {merge.Right}"),
        EndOfWordSuffix = EndOfWord,
        ByteLevel = true,
        PreTokenizer = new RegexPreTokenizer(Anything(), specialTokens: null),
    });

    /// <summary>The words are cut before: the tokeniser's own pattern takes each of them whole.</summary>
    [GeneratedRegex(@"[\s\S]+")]
    private static partial Regex Anything();

    private static ClipVocabulary FromMerges(string source, IReadOnlyList<(string Left, string Right)> merges)
    {
        var ids = new Dictionary<string, int>();
        // A symbol that two merges make has the later one's id, as in CLIP.
        var id = 0;
        foreach (var symbol in Alphabet().Concat(merges.Select(merge => merge.Left + merge.Right)).Append(StartOfTextSymbol).Append(EndOfTextSymbol))
            ids[symbol] = id++;
        return new(source, merges, ids);
    }

    private static IEnumerable<string> Alphabet() =>
        ByteSymbols.All.Select(symbol => $"{symbol}").Concat(ByteSymbols.All.Select(symbol => symbol + EndOfWord));

    private static List<(string Left, string Right)> ReadMerges(string path)
    {
        var merges = new List<(string, string)>();
        var number = 1;
        foreach (var line in Text(path).TrimEnd('\r', '\n').Split('\n').Skip(1).Take(MostMerges))
        {
            number++;
            var pair = line.Trim('\r').Split(' ');
            if (pair is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new InvalidDataException(
                    $"{path}: line {number} is not a merge of two symbols. Give CLIP's bpe_simple_vocab_16e6.txt.gz, or a folder with vocab.json "
                    + "and merges.txt.");
            merges.Add((left, right));
        }

        return merges;
    }

    private static Dictionary<string, int> ReadIds(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(Text(path)) ?? throw new InvalidDataException($"{path} holds no vocabulary.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} is not a JSON object of symbols and ids: {error.Message}", error);
        }
    }

    private static string Text(string path)
    {
        using var file = RegularFile.OpenRead(path);
        var packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        using var reader = new StreamReader(packed ? new GZipStream(file, CompressionMode.Decompress) : file, Encoding.UTF8);
        var text = new StringBuilder();
        var block = new char[1 << 16];
        try
        {
            for (var read = reader.ReadBlock(block); read > 0; read = reader.ReadBlock(block))
                if (text.Append(block, 0, read).Length > MostCharacters)
                    throw new InvalidDataException($"{path} is too large for a vocabulary.");
        }
        catch (InvalidDataException error) when (packed)
        {
            throw new InvalidDataException($"{path} is a damaged gzip file: {error.Message}", error);
        }

        return text.ToString();
    }
}
