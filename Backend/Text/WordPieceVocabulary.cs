using Dashboard.Backend.Files;

namespace Dashboard.Backend.Text;

/// <summary>
/// The pieces of a <see cref="WordPieceTokenizer"/>, one a line of BERT's <c>vocab.txt</c>; a line's number from 0 is the piece's id.
/// </summary>
public sealed class WordPieceVocabulary
{
    /// <summary>BERT's has 30,522 lines; anything far longer is something else.</summary>
    private const int MostPieces = 1_000_000;
    private const int MostBytes = 64 << 20;

    private readonly Dictionary<string, int> _ids = [];

    /// <param name="source">For errors.</param>
    /// <exception cref="InvalidDataException">[PAD], [UNK], [CLS] or [SEP] is missing: names it.</exception>
    public WordPieceVocabulary(string source, IEnumerable<string> pieces)
    {
        foreach (var piece in pieces)
        {
            // A piece given twice has the later id, as in BERT's code.
            _ids[piece] = Size++;
            if (Size > MostPieces)
                throw new InvalidDataException($"{source}: it has more than {MostPieces} lines, so it is not a vocabulary. Give BERT's vocab.txt.");
        }

        (Padding, Unknown, Start, End) = (Special("[PAD]"), Special("[UNK]"), Special("[CLS]"), Special("[SEP]"));

        int Special(string name) => IdOf(name)
            ?? throw new InvalidDataException(
                $"{source}: the token {name} is missing, so it is not a BERT vocabulary. Give the vocab.txt that belongs to the text tower "
                + "(bert-base-uncased).");
    }

    /// <summary>Number of ids.</summary>
    public int Size { get; }

    public int Padding { get; }
    public int Unknown { get; }

    /// <summary>[CLS]</summary>
    public int Start { get; }

    /// <summary>[SEP]</summary>
    public int End { get; }

    /// <summary>Reads <c>vocab.txt</c>.</summary>
    /// <exception cref="InvalidDataException">Not such a file: names it and what is missing.</exception>
    /// <exception cref="IOException">The file cannot be read, is too large, or no text.</exception>
    public static WordPieceVocabulary Open(string path) => new(path, BoundedText.Lines(path, "BERT's vocab.txt", MostBytes));

    /// <summary>The id of a piece; null if there is none.</summary>
    internal int? IdOf(string piece) => _ids.TryGetValue(piece, out var id) ? id : null;
}
