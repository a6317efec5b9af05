using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Segmentation;

public sealed class LabelRunsTests
{
    /// <summary>With runs of one pixel and of many, in maps of all lengths around those of vectors.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void Runs_OfTwoMaps_EndWhereEitherChanges(int every)
    {
        var random = new Random(every);
        for (var length = 0; length < 150; length++)
        {
            var (first, second) = (Map(length), Map(length));
            var ends = new List<int>();
            foreach (var end in new LabelRuns(first, second))
                ends.Add(end);
            Assert.Equal(Enumerable.Range(1, length).Where(end => end == length || first[end] != first[end - 1] || second[end] != second[end - 1]),
                ends);
        }

        byte[] Map(int length)
        {
            var labels = new byte[length];
            for (var pixel = 1; pixel < length; pixel++)
                labels[pixel] = random.Next(every) == 0 ? (byte)random.Next(3) : labels[pixel - 1];
            return labels;
        }
    }

    [Fact]
    public void Runs_OfMapsOfTwoLengths_AreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new LabelRuns([1, 2], [1]));
}
