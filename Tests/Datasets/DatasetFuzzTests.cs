using System.Text;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets;

/// <summary>
/// Damaged text files of a data set: read otherwise, or refused with the reader's own exception; nothing else is thrown, and nothing hangs.
/// </summary>
public sealed class DatasetFuzzTests : IDisposable
{
    private const int Flips = 500;
    private const int Cuts = 200;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("tags.csv", "image,tags\na.png,cat;dog,\"24\"\" tv\"\nb.jpg,dog\n\"c, d\",café\ne,bird|猫\n")]
    [InlineData("tags.csv", "filename\tcat\tdog\tbird\na\t1\t0\t0\nb\t0\t1\t1\nc\t0\t0\t0\n")]
    [InlineData("classes.txt", "background\ncat\ndog\nhot dog\ncafé\n猫\n")]
    [InlineData("splits/train.txt", "a.png\nb\nimages/c.jpg\n# comment\nd e f\n")]
    public void ImageFolder_OfDamagedText_IsReadOrRefused(string file, string text)
    {
        Directory.CreateDirectory(_temp.File("images"));
        foreach (var id in (string[])["a", "b", "c"])
            File.WriteAllBytes(_temp.File("images", id + ".png"), [1]);
        _temp.Write("tags.csv", "a,cat\nb,cat\nc,dog\n");
        Damage(file, text, () => DatasetCheck.Run(_temp.Path));
    }

    [Theory]
    [InlineData("ImageSets/Segmentation/train.txt", "a\nb.jpg\n/JPEGImages/a.jpg /SegmentationClass/a.png\nmy cat 0 1\n2007000032\n")]
    [InlineData("Annotations/a.xml",
        "<?xml version=\"1.0\" "
        + "encoding=\"gb2312\"?><annotation><folder>VOC2012</folder><object><name>cat</name><part><name>head</name></part></object></annotation>")]
    [InlineData("dataset.json", """{ "name": "pets", "classes": ["background", "cat", "dog"], "kind": null }""")]
    [InlineData("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:128,0,0::\ndog:0,128,0::\n")]
    public void VocFolder_OfDamagedText_IsReadOrRefused(string file, string text)
    {
        SmallVoc.Add(_temp, "a", ["cat"], [1]);
        SmallVoc.Add(_temp, "my cat", ["cat"], [1]);
        SmallVoc.List(_temp, "train", "a", "my cat");
        Damage(file, text, () => DatasetCheck.Run(_temp.Path));
    }

    [Theory]
    [InlineData("captions.tsv", "a.png\ta cat\nimages/b.png\ta dog, and a café\n")]
    [InlineData("captions.json", """[{ "image": "a.png", "caption": "a cat" }, { "image": "b.png", "caption": "a dog" }]""")]
    public void Captions_OfDamagedText_AreReadOrRefused(string file, string text)
    {
        _temp.Write("a.png", "x");
        _temp.Write("images/b.png", "x");
        Damage(file, text, () => CaptionCorpus.Open(_temp.File(file)));
    }

    private void Damage(string file, string text, Action read)
    {
        var path = _temp.Write(file, "");
        var sound = Encoding.UTF8.GetBytes(text);
        var random = new Random(5);
        for (var round = 0; round < Flips + Cuts; round++)
        {
            var damaged = round < Flips ? (byte[])sound.Clone() : sound[..random.Next(sound.Length)];
            for (var flips = round < Flips ? random.Next(1, 4) : 0; flips > 0; flips--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            var error = Record.Exception(read);
            Assert.True(error is null or DatasetException, $"round {round}: {error}\n{Convert.ToHexString(damaged)}");
        }
    }
}
