using Dashboard.Backend.Text;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Text;

public sealed class WordPieceTokenizerTests
{
    private static readonly string[] Pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "photo", "of", "un", "##aff", "##able", "cafe", "##s", ".", "-", "中", "##e", "aff"];

    private readonly WordPieceTokenizer _tokenizer = new(new WordPieceVocabulary("test", Pieces));

    [Theory]
    [InlineData("A photo of unaffable", "a|photo|of|un|##aff|##able")]
    [InlineData("  Photo\tOF\u00a0a\r\n", "photo|of|a")]
    [InlineData("Cafés.", "cafe|##s|.")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("a-photo", "a|-|photo")]
    [InlineData("a中中photo", "a|中|中|photo")]
    [InlineData("ph\u0000o\u200bto", "photo")]
    [InlineData("unaffably", "[UNK]")]
    [InlineData("photo\ud83d of", "photo|of")]
    [InlineData("", "")]
    public void Encode_Text_GivesTheLongestPieces(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', _tokenizer.Encode(text).Select(id => Pieces[id])));

    [Theory]
    [InlineData("Ấn Ångström naïve Ελλάδα й", "an|angstrom|naive|ελλαδα|и")]
    [InlineData("don't $5 x^2", "don|'|t|$|5|x|^|2")]
    public void Words_AccentsAndPunctuation_AreTakenOffAndApart(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', WordPieceTokenizer.Words(text)));

    [Fact]
    public void UnknownWords_AreThoseReadAsUnk() => Assert.Equal(["unaffably"], _tokenizer.UnknownWords("a photo of unaffably unaffable cafes"));

    [Fact]
    public void Encode_AVeryLongWord_IsUnknown() => Assert.Equal([1], _tokenizer.Encode(new string('a', 101)));

    [Fact]
    public void Tokenize_ShortText_IsFramedPaddedAndMasked()
    {
        var (ids, mask) = _tokenizer.Tokenize("a photo", 6);
        Assert.Equal([2, 4, 5, 3, 0, 0], ids);
        Assert.Equal([1, 1, 1, 1, 0, 0], mask);
    }

    [Fact]
    public void Tokenize_LongText_IsCut()
    {
        var (ids, mask) = _tokenizer.Tokenize("a photo of a photo", 4);
        Assert.Equal([2, 4, 5, 3], ids);
        Assert.Equal([1, 1, 1, 1], mask);
    }

    [Theory]
    [InlineData("[PAD]")]
    [InlineData("[UNK]")]
    [InlineData("[CLS]")]
    [InlineData("[SEP]")]
    public void Open_WithoutASpecialToken_NamesFileAndToken(string missing)
    {
        using var folder = new TempFolder();
        var path = folder.Write("vocab.txt", string.Join('\n', Pieces.Where(piece => piece != missing)));
        var error = Assert.Throws<InvalidDataException>(() => WordPieceVocabulary.Open(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WindowsLineEnds_AreNoPartOfAPiece()
    {
        using var folder = new TempFolder();
        var vocabulary = WordPieceVocabulary.Open(folder.Write("vocab.txt", string.Join("\r\n", Pieces)));
        Assert.Equal(Pieces.Length, vocabulary.Size);
        Assert.Equal([4, 5], new WordPieceTokenizer(vocabulary).Encode("a photo"));
    }
}
