using System.IO.Compression;
using System.Text.Json;
using Dashboard.Backend.Text;
using Dashboard.Tests.Golden;

namespace Dashboard.Tests.Text;

public sealed class ClipVocabularyTests : IDisposable
{
    private const string Prompt = "A photo of the cat; don't, 2 cafés.";

    private static readonly string[] Captions =
        ["a photo of a parrot", "a train on the railway", "the railway and a locomotive", "banana cafés aaaa", "a photo of a <|endoftext|>"];

    private readonly string _folder = Directory.CreateTempSubdirectory("vocabulary").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_MergesFile_GivesTheSameIds(bool packed)
    {
        var path = Path.Combine(_folder, "merges");
        using (var file = File.Create(path))
        using (var writer = new StreamWriter(packed ? new GZipStream(file, CompressionLevel.Fastest) : file))
            writer.Write(MergesFile(SmallVocabulary.Merges));
        Same(SmallVocabulary.Vocabulary, ClipVocabulary.Open(path));
    }

    [Fact]
    public void Open_HuggingFaceFolder_GivesTheSameIds()
    {
        WriteHuggingFace(SmallVocabulary.Merges, SmallVocabulary.Vocabulary);
        Same(SmallVocabulary.Vocabulary, ClipVocabulary.Open(_folder));
    }

    [ClipVocabularyFact]
    public void Open_OfficialVocabulary_HasClipsIds()
    {
        var vocabulary = ClipVocabulary.Open(ClipVocabularyFile.Given!);
        Assert.Equal((49408, 49406, 49407), (vocabulary.Size, vocabulary.StartOfText, vocabulary.EndOfText));
        Assert.Equal([49406, 320, 1125, 539, 1929, 269, 49407, 0], new ClipTokenizer(vocabulary).Tokenize("a photo of dog.", contextLength: 8));
    }

    [Fact]
    public void Learn_Captions_MakesEveryWordOneSymbol()
    {
        var tokenizer = new ClipTokenizer(ClipVocabulary.Learn(Captions));
        Assert.All(Captions.SelectMany(caption => caption.Split(' ')), word => Assert.Single(tokenizer.Encode(word)));
        Assert.Equal(7, tokenizer.Encode("A parrot on the railway, cafés").Count);
    }

    [Fact]
    public void Learn_Captions_LeavesOtherWordsToTheirBytes()
    {
        var tokenizer = new ClipTokenizer(ClipVocabulary.Learn(Captions));
        Assert.Equal("zebra über ", tokenizer.Decode(tokenizer.Encode("zebra über")));
        Assert.True(tokenizer.Encode("zebra").Count > 1);
    }

    [Fact]
    public void Learn_Pairs_MergesTheMostFrequentFirstAndBreaksTiesInOrdinalOrder()
    {
        // ab three times, cd and ef twice: cd comes first.
        var path = Path.Combine(_folder, "merges.txt");
        ClipVocabulary.Learn(["ef ef cd", "cd ab ab ab"]).Save(path);
        Assert.Equal(["a b</w>", "c d</w>", "e f</w>"], File.ReadLines(path).Skip(1));
    }

    [Fact]
    public void Learn_InAnotherOrder_GivesTheSameMerges()
    {
        Same(ClipVocabulary.Learn(Captions), ClipVocabulary.Learn(Enumerable.Reverse(Captions)));
        Assert.Equal(514 + 5, ClipVocabulary.Learn(Captions, mostMerges: 5).Size);
    }

    [Fact]
    public void Learn_NoTexts_HasTheBytesOnly() => Assert.Equal(514, ClipVocabulary.Learn([]).Size);

    [Fact]
    public void Save_LearntVocabulary_IsOpenedEqual()
    {
        var path = Path.Combine(_folder, "merges.txt");
        var learnt = ClipVocabulary.Learn(Captions);
        learnt.Save(path);
        var opened = ClipVocabulary.Open(path);
        Same(learnt, opened);
        Assert.All(Captions, caption => Assert.Equal(new ClipTokenizer(learnt).Encode(caption), new ClipTokenizer(opened).Encode(caption)));
    }

    [Theory]
    [InlineData("heading\na b\nc\n", "line 3 is not a merge")]
    [InlineData("heading\na b c\n", "line 2 is not a merge")]
    [InlineData("heading\na b\n\nc d\n", "line 3 is not a merge")]
    public void Open_DamagedMerges_NamesTheLine(string content, string fault)
    {
        var path = Path.Combine(_folder, "merges.txt");
        File.WriteAllText(path, content);
        var error = Assert.Throws<InvalidDataException>(() => ClipVocabulary.Open(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CutGzip_IsRefused()
    {
        var path = Path.Combine(_folder, "merges.gz");
        using (var file = File.Create(path))
        using (var packed = new GZipStream(file, CompressionLevel.Optimal))
            packed.Write(System.Text.Encoding.UTF8.GetBytes(MergesFile([.. Enumerable.Range(0, 3000).Select(i => ($"{i}", $"{i * i}"))])));
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length / 2, 200).Fill(0xff);
        File.WriteAllBytes(path, bytes);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => ClipVocabulary.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_GzipThatUnpacksToMuchMore_IsRefused()
    {
        var path = Path.Combine(_folder, "bomb.gz");
        using (var file = File.Create(path))
        using (var packed = new GZipStream(file, CompressionLevel.Fastest))
            for (var i = 0; i < 20; i++)
                packed.Write(new byte[1 << 20]);
        Assert.Contains("too large", Assert.Throws<InvalidDataException>(() => ClipVocabulary.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_HuggingFaceFolderThatLacksASymbol_NamesIt()
    {
        WriteHuggingFace([.. SmallVocabulary.Merges, ("q", "q")], SmallVocabulary.Vocabulary);
        Assert.Contains("'qq' has no id", Assert.Throws<InvalidDataException>(() => ClipVocabulary.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_VocabularyThatIsNoJson_NamesTheFile()
    {
        WriteHuggingFace(SmallVocabulary.Merges, SmallVocabulary.Vocabulary);
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), "[1, 2]");
        Assert.Contains("vocab.json", Assert.Throws<InvalidDataException>(() => ClipVocabulary.Open(_folder)).Message, StringComparison.Ordinal);
    }

    private static void Same(ClipVocabulary expected, ClipVocabulary actual)
    {
        Assert.Equal((expected.Size, expected.StartOfText, expected.EndOfText), (actual.Size, actual.StartOfText, actual.EndOfText));
        Assert.Equal(new ClipTokenizer(expected).Tokenize(Prompt), new ClipTokenizer(actual).Tokenize(Prompt));
    }

    private static string MergesFile(IEnumerable<(string Left, string Right)> merges) =>
        "#version: 0.2\n" + string.Concat(merges.Select(merge => $"{merge.Left} {merge.Right}\n"));

    private void WriteHuggingFace(IEnumerable<(string Left, string Right)> merges, ClipVocabulary vocabulary)
    {
        File.WriteAllText(Path.Combine(_folder, "merges.txt"), MergesFile(merges));
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), JsonSerializer.Serialize(vocabulary.Ids));
    }

    [Fact]
    public void FromMerges_OnePairTwice_KeepsItsFirstPlace()
    {
        var twice = ClipVocabulary.FromMerges([("a", "b"), ("b", "c</w>"), ("a", "b")]);
        Assert.Equal("abc ", new ClipTokenizer(twice).Decode(new ClipTokenizer(twice).Encode("abc")));
        Assert.Equal(2, new ClipTokenizer(twice).Encode("abc").Count);
    }

    [Fact]
    public void FromMerges_OfASymbolThatNothingMakes_NamesIt()
    {
        var error = Assert.Throws<InvalidDataException>(() => ClipVocabulary.FromMerges([("zz", "b")]));
        Assert.Equal("merges: the symbol 'zz' has no id.", error.Message);
    }
}
