using System.Text;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Coco;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Datasets.Coco;

/// <summary>Damaged annotations are read or refused: no other exception, no hang, and memory in proportion to file and image.</summary>
public sealed class CocoFuzzTests : IDisposable
{
    private const long BytesAllocatedAtMost = 4_000_000;

    private readonly TempFolder _temp = new();
    private int _trials;

    public CocoFuzzTests()
    {
        SmallCoco.AddImage(_temp, "images/a.jpg");
        SmallCoco.AddImage(_temp, "images/b.jpg");
    }

    public void Dispose() => _temp.Dispose();

    private static byte[] Whole => Encoding.UTF8.GetBytes(SmallCoco.CatsAndDogs().Image(1, "a.jpg").Image(2, "b.jpg")
        .Annotation(1, 17, SmallCoco.Box(1, 1, 5, 5), area: 25).Annotation(1, 3, "[[0.5,0.5,7.25,1,3,6.75],[8,1,9,2,8,3]]")
        .Annotation(1, 3, "{\"size\": [8, 12], \"counts\": [20, 3, 5, 3, 65]}", crowd: true)
            .Annotation(1, 17, "{\"size\": [8, 12], \"counts\": \"d0350l1\"}")
            .Annotation(2, 3, "[]").Json);

    [Fact]
    public void Open_CutAt200Places_IsRefused()
    {
        var whole = Whole;
        Assert.Null(ReadAll(whole));
        for (var i = 0; i < 200; i++)
            Assert.NotNull(ReadAll(whole[..(int)((long)(whole.Length - 1) * i / 200)]));
    }

    [Fact]
    public void Open_500BytesFlipped_IsReadOrRefused()
    {
        var whole = Whole;
        var random = new Random(8);
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            var flipped = whole.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                flipped[random.Next(flipped.Length)] ^= (byte)random.Next(1, 256);
            refused += ReadAll(flipped) is null ? 0 : 1;
        }
        Assert.InRange(refused, 100, 499);
    }

    [Fact]
    public void Open_500DigitsChanged_IsReadOrRefused()
    {
        // JSON stays sound, so that damage reaches outlines, runs, sizes and ids.
        var whole = Whole;
        var digits = Enumerable.Range(0, whole.Length).Where(at => char.IsAsciiDigit((char)whole[at])).ToArray();
        var random = new Random(9);
        for (var i = 0; i < 500; i++)
        {
            var changed = whole.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
                changed[digits[random.Next(digits.Length)]] = (byte)"0123456789-.eE"[random.Next(14)];
            ReadAll(changed);
        }
    }

    [Fact]
    public void Parse_500TextsOfRuns_AreReadOrRefused()
    {
        var random = new Random(10);
        for (var i = 0; i < 500; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(40, 120))]);
            try
            {
                new InstanceCanvas(12, 8).FillRuns(RunLengths.Parse(text), 1);
            }
            catch (ImageException)
            {
                // Refused.
            }
        }
    }

    private Exception? ReadAll(byte[] content)
    {
        // A name of its own: what was read of a file is kept while its length and time stay the same.
        var path = _temp.File($"annotations/instances_{++_trials}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var dataset = CocoFolder.Open(_temp.Path);
            foreach (var sample in dataset.Samples(Assert.Single(dataset.Splits)))
                if (sample.Drawn?.Size is { Width: < 1000, Height: < 1000 })
                    sample.ReadTruth();
            return null;
        }
        catch (Exception error) when (error is DatasetException or ImageException)
        {
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
            return error;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesAllocatedAtMost);
            File.Delete(path);
        }
    }
}
