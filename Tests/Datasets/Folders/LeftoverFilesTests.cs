using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Folders;

/// <summary>What systems and archives leave beside files is seen nowhere; what people have put there and is not read is named.</summary>
public sealed class LeftoverFilesTests : IDisposable
{
    private static readonly byte[] AppleDouble = [0, 5, 0x16, 7, 0, 2, 0, 0, .. "Mac OS X        "u8, 0, 2];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Check_OfAVocFolderFromAMac_IsSound()
    {
        SmallVoc.Add(_temp, "q0", ["cat"], [8]);
        SmallVoc.List(_temp, "train", "q0");
        foreach (var file in (string[])["JPEGImages/._q0.jpg", "SegmentationClass/._q0.png", "Annotations/._q0.xml",
            "ImageSets/Segmentation/._train.txt", "ImageSets/Segmentation/.DS_Store", "JPEGImages/Thumbs.db"])
            File.WriteAllBytes(_temp.File(file), AppleDouble);
        var report = DatasetCheck.Run(_temp.Path);
        Assert.Empty(report.Problems);
        Assert.Equal("train", Assert.Single(report.Splits).Split);
    }

    [Fact]
    public void Check_OfAnImageFolderFromAMac_IsSound()
    {
        Picture("a.png");
        SmallVoc.AddMask(_temp, "masks", "a", [1]);
        _temp.Write("tags.csv", "a,cat\n");
        _temp.Write("splits/train.txt", "a\n");
        foreach (var file in (string[])["images/._a.png", "masks/._a.png", "splits/._train.txt"])
            File.WriteAllBytes(_temp.File(file), AppleDouble);
        Assert.Empty(DatasetCheck.Run(_temp.Path).Problems);
    }

    [Fact]
    public void Evaluation_OfLabelMapsFromAMac_SeesTheMapsAlone()
    {
        SmallVoc.AddMask(_temp, "truth", "a", [1]);
        SmallVoc.AddMask(_temp, "prediction", "a", [1]);
        File.Move(_temp.File("prediction/a.png"), _temp.File("prediction/a.PNG"));
        File.WriteAllBytes(_temp.File("truth/._a.png"), AppleDouble);
        Assert.Equal(1, LabelMapEvaluation.Run(_temp.File("prediction"), _temp.File("truth"), labels: 2).Miou);
        File.Copy(_temp.File("prediction/a.PNG"), _temp.File("prediction/a.png"));
        Assert.Contains("a.PNG and ",
            Assert.Throws<InvalidDataException>(() => LabelMapEvaluation.Run(_temp.File("prediction"), _temp.File("truth"), labels: 2)).Message);
    }

    [Fact]
    public void Check_OfImagesInOtherFormats_NamesThem()
    {
        Picture("a.PNG");
        File.WriteAllBytes(_temp.File("images/t.tif"), [1]);
        File.WriteAllBytes(_temp.File("images/h.HEIC"), [1]);
        _temp.Write("images/notes.txt", "none of the check's business");
        _temp.Write("tags.csv", "a,cat\nt,cat\nh,cat\n");
        Assert.Equal([_temp.File("images/h.HEIC"), _temp.File("images/t.tif")],
            DatasetCheck.Run(_temp.Path).Problems.Select(problem => problem.File));
        // A list that names one cannot be trained on.
        _temp.Write("splits/train.txt", "a\nt.tif\n");
        var error = Assert.Throws<DatasetException>(() => ImageFolder.Open(_temp.Path).Samples("train"));
        Assert.StartsWith($"{_temp.File("images/t.tif")}: is a file of the format TIF, which is not read", error.Message);
    }

    [Fact]
    public void Samples_OfMasksUnderOtherNames_FindThem()
    {
        foreach (var image in (string[])["a.jpg", "b.png", "c.png", "d.png"])
            Picture(image);
        SmallVoc.AddMask(_temp, "masks", "a_mask", [1]);
        SmallVoc.AddMask(_temp, "masks", "b.png", [1]);
        SmallVoc.AddMask(_temp, "masks", "c_mask", [1]);
        SmallVoc.AddMask(_temp, "masks", "c", [1]);
        SmallVoc.AddMask(_temp, "masks", "nobody", [1]);
        _temp.Write("tags.csv", "a,cat\nb,cat\nc,cat\nd,cat\n");
        Assert.Equal(["a_mask.png", "b.png.png", "c.png", null],
            ImageFolder.Open(_temp.Path).Samples("all").Select(sample => Path.GetFileName(sample.MaskPath)));
        var unused = Assert.Single(DatasetCheck.Run(_temp.Path).Problems, problem => problem.File == _temp.File("masks"));
        Assert.Equal("has 2 masks without an image in images/: c_mask, nobody", unused.Message);
    }

    [Fact]
    public void Check_OfMasksOfNoImage_SaysSo()
    {
        Picture("a.png");
        SmallVoc.AddMask(_temp, "masks", "frame_a", [1]);
        _temp.Write("tags.csv", "a,cat\n");
        var problem = Assert.Single(DatasetCheck.Run(_temp.Path).Problems);
        Assert.Equal((ProblemSeverity.Warning, _temp.File("masks"), "has 1 files, and none is the mask of an image of the split all"),
            (problem.Severity, problem.File, problem.Message));
    }

    /// <summary>A Mac spells é as e and an accent in file names, a table in one character.</summary>
    [Fact]
    public void Samples_OfNamesInAnotherUnicodeForm_AreFound()
    {
        Picture("cafe\u0301.png");
        SmallVoc.AddMask(_temp, "masks", "caf\u00e9", [1]);
        _temp.Write("tags.csv", "caf\u00e9.png,cat\n");
        _temp.Write("splits/train.txt", "caf\u00e9\n");
        var sample = Assert.Single(ImageFolder.Open(_temp.Path).Samples("train"));
        Assert.Equal((_temp.File("images", "cafe\u0301.png"), _temp.File("masks", "caf\u00e9.png")), (sample.ImagePath, sample.MaskPath));
    }

    private void Picture(string name)
    {
        Directory.CreateDirectory(_temp.File("images"));
        var image = SmallVoc.Picture(name);
        if (name.EndsWith(".jpg", StringComparison.Ordinal))
            ImageFile.WriteJpeg(_temp.File("images", name), image);
        else
            ImageFile.WritePng(_temp.File("images", name), image);
    }
}
