using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Domain.Datasets;

namespace Dashboard.Tests.Datasets.Captions;

public sealed class TagSentencesTests
{
    [Fact]
    public void Of_OneTwoAndThreeTags_ReadAsTheAuthorsWriteThem()
    {
        var corpus = TagSentences.Of(new Tagged([[0], [0, 1], [], [0, 1, 2]]), "train");
        Assert.Equal(["a photo of cat", "a photo of cat and dog", "a photo of cat, dog, and bus"], corpus.Captions);
        Assert.Equal(["0.jpg", "1.jpg", "3.jpg"], corpus.Pairs.Select(pair => pair.ImagePath));
    }

    [Fact]
    public void Of_NoTagAtAll_NamesTheOption() =>
        Assert.Contains("trainSplit", Assert.Throws<DatasetException>(() => TagSentences.Of(new Tagged([[]]), "train")).Message,
            StringComparison.Ordinal);

    private sealed class Tagged(int[][] tags) : IImageDataset
    {
        public string Name => "tagged";
        public string Root => "/";
        public ClassSet Classes { get; } = new(["cat", "dog", "bus"]);
        public IReadOnlyList<string> Splits => ["train"];
        public IReadOnlyList<Sample> Samples(string split) => [.. tags.Select((of, i) => new Sample($"{i}", $"{i}.jpg", null, of))];
    }
}
