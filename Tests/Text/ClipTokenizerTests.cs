using Dashboard.Backend.Text;
using Dashboard.Tests.Golden;

namespace Dashboard.Tests.Text;

public sealed class ClipTokenizerTests
{
    private readonly ClipTokenizer _tokenizer = new(SmallVocabulary.Vocabulary);

    [Fact]
    public void Encode_MergedWords_GivesOneIdEach() =>
        Assert.Equal([SmallVocabulary.FirstMerge + 2, SmallVocabulary.FirstMerge + 3], _tokenizer.Encode(" The\tCAT "));

    /// <summary>What is whole in a small vocabulary stood in the captions that its model has learnt from.</summary>
    [Fact]
    public void UnknownWords_OfASmallVocabulary_AreThoseThatItCuts() =>
        Assert.Equal(["dog", "unicorn"], _tokenizer.UnknownWords("The cat, a dog. A unicorn, a dog 2"));

    /// <summary>It cuts classes of VOC as well, which its model knows.</summary>
    [ClipVocabularyFact]
    public void UnknownWords_OfTheOfficialVocabulary_AreThoseThatFallIntoLetters() => Assert.Equal(
        ["qwzxvk", "собака"],
        new ClipTokenizer(ClipVocabulary.Open(ClipVocabularyFile.Given!))
            .UnknownWords("an aeroplane, a pottedplant, a tvmonitor, a kookaburra, a qwzxvk, a собака"));

    [Fact]
    public void Encode_UnknownWord_FallsBackToBytes() => Assert.Equal(4, _tokenizer.Encode("dög").Count);

    [Fact]
    public void Encode_RunOfOneLetter_MergesFromTheLeft() =>
        Assert.Equal([SmallVocabulary.FirstMerge + 4, SmallVocabulary.FirstMerge + 4, 'a' - '!' + 256], _tokenizer.Encode("aaaaa"));

    [Theory]
    [InlineData("it's", 4)]
    [InlineData("2021", 4)]
    [InlineData("!?...", 5)]
    [InlineData("<|endoftext|>", 1)]
    [InlineData("", 0)]
    public void Encode_WordPattern_SplitsAsClip(string text, int ids) => Assert.Equal(ids, _tokenizer.Encode(text).Count);

    [Fact]
    public void Encode_LettersBeyondTheBasicPlane_AreOneWordWithOthers() => Assert.Equal("a𝔘b ", _tokenizer.Decode(_tokenizer.Encode("a𝔘b")));

    [Fact]
    public void Encode_OneVeryLongWord_Ends() => Assert.Equal(10_001, _tokenizer.Encode(new string('a', 20_000)).Count);

    [Fact]
    public void Encode_HalfASurrogatePair_BecomesTheReplacementCharacter() => Assert.Equal("\uFFFD ", _tokenizer.Decode(_tokenizer.Encode("\uD83D")));

    [Fact]
    public void Tokenize_ShortText_IsFramedAndPadded()
    {
        var (start, end) = (SmallVocabulary.Vocabulary.StartOfText, SmallVocabulary.Vocabulary.EndOfText);
        Assert.Equal([start, SmallVocabulary.FirstMerge + 3, end, 0, 0], _tokenizer.Tokenize("cat", contextLength: 5));
        Assert.Equal([start, SmallVocabulary.FirstMerge + 3, end], _tokenizer.Tokenize("cat cat", contextLength: 3, truncate: true));
        Assert.Equal([start, end], _tokenizer.Tokenize("cat", contextLength: 2, truncate: true));
    }

    [Fact]
    public void Tokenize_TooLongText_NamesItAndTheLimit()
    {
        var error = Assert.Throws<TextTooLongException>(() => _tokenizer.Tokenize("the cat the cat", contextLength: 5));
        Assert.Equal(
            "The text 'the cat the cat' is too long for context length 5: it has 4 tokens besides its start and end, but only 3 fit. Shorten it.",
            error.Message);
    }

    [Fact]
    public void Decode_IdsThatThereAreNot_AreLeftOut() =>
        Assert.Equal("cat ", _tokenizer.Decode([-1, SmallVocabulary.FirstMerge + 3, 99_999, long.MaxValue]));
}
