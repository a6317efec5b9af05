using System.IO.Compression;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Voc;

public sealed class VocFolderTests : IDisposable
{
    private const string First = "2007_000032";
    private const string Second = "2007_000039";

    private readonly TempFolder _temp = new();

    public VocFolderTests()
    {
        SmallVoc.Add(_temp, First, ["person", "aeroplane", "person"], [1, 15, 255]);
        SmallVoc.Add(_temp, Second, ["tvmonitor"], [20]);
    }

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("2007_000032", "2007_000039")]
    [InlineData("2007000032", "2007000039", "")]
    [InlineData("/JPEGImages/2007_000032.jpg /SegmentationClass/2007_000032.png", "/JPEGImages/2007_000039.jpg /SegmentationClass/2007_000039.png")]
    [InlineData("/JPEGImages/2007_000032.jpg", "/JPEGImages/2007_000039.jpg")]
    [InlineData("2007_000032 0 14 ", "2007_000039 19 ")]
    public void Samples_OfEveryListFormat_AreTheSame(params string[] lines)
    {
        SmallVoc.List(_temp, "train", lines);
        var samples = Open().Samples("train");
        Assert.Equal([First, Second], samples.Select(sample => sample.Id));
        Assert.Equal([[0, 14], [19]], samples.Select(sample => sample.Tags));
        Assert.Equal(_temp.File("JPEGImages", First + ".jpg"), samples[0].ImagePath);
        Assert.Equal(_temp.File("SegmentationClass", First + ".png"), samples[0].MaskPath);
    }

    [Fact]
    public void Open_OfLists_KnowsTheSplitsInTheirUsualOrder()
    {
        foreach (var list in (string[])["val", "mine", "trainaug", "train"])
            SmallVoc.List(_temp, list, First);
        Assert.Equal(["train", "train_aug", "val", "mine"], Open().Splits);
        Assert.Equal(Path.GetFileName(_temp.Path), Open().Name);
        Assert.Equal(20, Open().Classes.Count);
    }

    [Fact]
    public void Samples_OfTrainAug_TakeTheirMasksFromSegmentationClassAug()
    {
        SmallVoc.List(_temp, "train", First);
        SmallVoc.List(_temp, "train_aug", First, Second);
        SmallVoc.AddMask(_temp, "SegmentationClassAug", First, [1]);
        Assert.Equal(_temp.File("SegmentationClassAug", First + ".png"), Open().Samples("train_aug")[0].MaskPath);
        Assert.Null(Open().Samples("train_aug")[1].MaskPath);
        Assert.Equal(_temp.File("SegmentationClass", First + ".png"), Open().Samples("train")[0].MaskPath);
        Assert.Null(Open().MaskNote("train_aug"));
    }

    [Fact]
    public void Samples_OfTrainAugWithoutItsMasks_FallBackAndSaySo()
    {
        SmallVoc.List(_temp, "train_aug", First);
        Assert.Equal(_temp.File("SegmentationClass", First + ".png"), Open().Samples("train_aug")[0].MaskPath);
        Assert.Contains("SegmentationClass", Open().MaskNote("train_aug"));
    }

    [Fact]
    public void Open_WithAManifest_TakesNameAndClassesFromIt()
    {
        SmallVoc.List(_temp, "train", Second);
        _temp.Write("dataset.json", """{ "name": "Screens", "classes": ["radio", "tvmonitor"] }""");
        var dataset = Open();
        Assert.Equal("Screens", dataset.Name);
        Assert.Equal(["radio", "tvmonitor"], dataset.Classes.Names);
        Assert.Equal([1], dataset.Samples("train")[0].Tags);
    }

    [Theory]
    [InlineData("{ \"classes\": [] }")]
    [InlineData("{ \"classes\": [\"cat\", \"Cat\"] }")]
    [InlineData("{ \"classes\": [null] }")]
    [InlineData("{ \"classes\": ")]
    [InlineData("[]")]
    public void Open_WithABadManifest_NamesTheFile(string manifest)
    {
        SmallVoc.List(_temp, "train", Second);
        var path = _temp.Write("dataset.json", manifest);
        Assert.Contains(path, Assert.Throws<DatasetException>(() => Open()).Message);
    }

    [Fact]
    public void Samples_WithPngImages_FindThem()
    {
        Backend.Images.ImageFile.WritePng(_temp.File("JPEGImages", "drawn.png"), SmallVoc.Picture("drawn"));
        _temp.Write("Annotations/drawn.xml", SmallVoc.Annotation("cat"));
        SmallVoc.List(_temp, "train", "drawn");
        Assert.Equal(_temp.File("JPEGImages", "drawn.png"), Open().Samples("train")[0].ImagePath);
    }

    [Fact]
    public void Samples_OfTestImagesWithoutAnnotations_HaveNoTags()
    {
        SmallVoc.List(_temp, "test", "/JPEGImages/2008_000001.jpg");
        var sample = Assert.Single(Open().Samples("test"));
        Assert.Empty(sample.Tags);
        Assert.Null(sample.MaskPath);
    }

    [Fact]
    public void Samples_OfAListWithAClassThatIsNone_NameTheList()
    {
        SmallVoc.List(_temp, "train", "2007_000032 0 20");
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        var error = Assert.Throws<DatasetException>(() => Open().Samples("train"));
        Assert.Contains(_temp.File("ImageSets/Segmentation/train.txt"), error.Message);
        Assert.Contains("class 20", error.Message);
    }

    [Fact]
    public void Samples_OfAnUnknownSplit_ListTheSplits()
    {
        SmallVoc.List(_temp, "train", First);
        var error = Assert.Throws<DatasetException>(() => Open().Samples("training"));
        Assert.Contains("'training'", error.Message);
        Assert.Contains("train", error.Message);
    }

    [Fact]
    public void Samples_WithoutAnyTags_SayWhatIsMissing()
    {
        SmallVoc.List(_temp, "train", First);
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        var error = Assert.Throws<DatasetException>(() => Open().Samples("train"));
        Assert.Contains("Annotations/", error.Message);
        Assert.Contains("cls_labels.npy", error.Message);
    }

    [Theory]
    [InlineData("<annotation><object><name>cat</name>")]
    [InlineData("<!DOCTYPE a [<!ENTITY e \"cat\">]><annotation><object><name>&e;</name></object></annotation>")]
    [InlineData("<html></html>")]
    [InlineData("")]
    [InlineData("<annotation><object><name>unicorn</name></object></annotation>")]
    public void Samples_WithABadAnnotation_NameTheFile(string xml)
    {
        SmallVoc.List(_temp, "train", First);
        var path = _temp.Write($"Annotations/{First}.xml", xml);
        var error = Assert.Throws<DatasetException>(() => Open().Samples("train"));
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Samples_WithoutAnAnnotation_NameTheFile()
    {
        SmallVoc.List(_temp, "train", First, "2007_000063");
        var error = Assert.Throws<DatasetException>(() => Open().Samples("train"));
        Assert.Contains(_temp.File("Annotations/2007_000063.xml"), error.Message);
    }

    [Theory]
    [InlineData("2007_000032 person", "line 1")]
    [InlineData("/JPEGImages/a.jpg /b.png /c.png", "line 1")]
    [InlineData("/../../secret.jpg", "leads out of")]
    public void Samples_OfABadList_NameTheLine(string line, string expected)
    {
        SmallVoc.List(_temp, "train", line);
        _temp.Write("Annotations/secret.xml", SmallVoc.Annotation("cat"));
        Assert.Contains(expected, Assert.Throws<DatasetException>(() => Open().Samples("train")).Message);
    }

    [Fact]
    public void Samples_OfAListThatIsGone_SayWhich()
    {
        SmallVoc.List(_temp, "train", First);
        var dataset = Open();
        File.Delete(_temp.File("ImageSets/Segmentation/train.txt"));
        Assert.Contains("train.txt", Assert.Throws<DatasetException>(() => dataset.Samples("train")).Message);
    }

    [Fact]
    public void Open_WithoutLists_SaysWhereTheyBelong()
    {
        var error = Assert.Throws<DatasetException>(() => Open());
        Assert.Contains("ImageSets/Segmentation", error.Message);
    }

    /// <summary>Files as NumPy 1.24 writes them: the person and aeroplane of the first image, the tvmonitor of the second.</summary>
    [Theory]
    [InlineData("keys int64, protocol 3", "H4sIAAdfAWsC/62PS0sCURiGz2gXm66W3bOm64whrlpIBC6EFg2pDAS2CJmbHEFnfM8cC0nBjZrr/kA/rV0/o8bbIqpN9S4OnPf7zsNznjM317lbgdyTR9myPZPJ55LcyMpxSS66jDPdKbjMsvv1pV72bL/3qF61/bsSi0tN6W8RW0HTqVWq9YTpMjtRqZV5SWdMr4sFZpuu43FWM7kIMtwSHWs4haCSNgJpwUCwiwkNk4oqxEZLFq9XbRFT+QAhJJvEdO+pi5CGGUUN5gW/a0DMZDJX734Gh5rimDV6d5hrYl75Qcgz9bLORCzQIbiUxGIfvKQhPAZfYPkzmHCsGOnQq/ny4I8JIh2salijhA4+sE59+w0Nm769Gmlja8QunmG7z97REPXZ9Ct11+ilc4S0UuRX+f4d9jgkgy7QcDr0Nlbe7+BAw+FY+aivfKzhZKQs0+jA5D/TSkHhiBk1nePUSHwAmqrbfKQCAAA=")]
    [InlineData("keys int, protocol 3", "H4sIAAdfAWsC/5vsF+obEMnIUMZQrZ6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvkamjoKtQqUAa4G5uS80tyCSr3k/KJUvdzSnJLMxKKixEqu+KLU5Py84pKi0uQSrkIGiCquvBSIbCGjN0NrIZMzY1Ihc3shS1Ahq4Y3oyZUUUpJZUEqVyFbBBMDA4O/RSF7Z0d7IUdQIaeGN3MEI1CsppDLz8/P6z8QgAlv+5JC7qTO2EKe2kJeDa8HyQvKMxgywFbwZQDN5w8qFACa7y3SWiiYATE2zaRQCGSscFChCMxYm0JRVGMZSgrFkjqdAxgYGuwZyALY9RWKlxRKJHk9R3KnJMidUkGF0lB3ymSIgC2mJmiwL5QtKZRLKk0sKZRP0gMAxzzymzsCAAA=")]
    [InlineData("keys str, protocol 3", "H4sIAAdfAWsC/62Oy0sCQQDGZ7Xn2jvtXW6nXUFELOhB4EHo0NIqC4EdQvYxsoHu+s3OBpKCFzHP/cE1vg5Fp+p3GJhvvuH3vRsP95VHibyQV9WlocPUa0XtlNWsotYDxpnl1wLm0lF8azVCKvLQs1pU3LVMVukqf0PuxR0/arbaOSdgNNeMGvzZYsxqyzVGncAPOYscLoNMWrLvTl4h6aSPWEmyER9gzsS8pkuZacnl7RaVsVCNEULKl1gcvg2wZGJZ0+NVSWQdyIZh3H0Ixode5EjYwyesdLGqVROiUsjnL2p5wVkBax7xxr51T8g2TGwKmZ7sY8ubOOrn2B45kiZSM8cNdr46CMeuPSxVCOkVya/4+R/2OPbtb6OvcDAbfTgafWTieDr6xEuNV/wnvSLSHIodWRyndu4TJccdA1UCAAA=")]
    [InlineData("keys str, protocol 2", "H4sIAAdfAWsC/61QSUvDQBid1j11t+5bXJOClFoFF4TePBisOiDEg4RsJYU26ZtMhWIFL7X27D/yj+nE1IOCF/UdZvnmfd97b16K1+eXNwlyR+4Vxw1tphzLSvNC2ZGVUsA4M30jYI4blU/NSuiKeuiZNVfc1cyO/CD/DdJj0vbr1VojawfMzVbrFV42GTMbksFcO/BDzuo2l0BiluQ78SsSGmkhaRt24Lh2KLl+dJDQoycIIRZ69X6xV0xe9nfR94R+ioE2BimGVC2R6Q5zeKMmeiQ9KbgXh0h1ntsYphhRtXhOE6PFYvHsTeBj0QocY1bnFuMPmFD1lKDkc7kDIyewl8ekR7wPX1OeEEtTTAsxLd3CjBdrlPYxG2nMUcx/apxg4asG4Vi0Ol6PTkmE18cC+RV+aMSSJ/5jmWKFY9X6luEI8meGtSjDOsVGN8OmNx+ZuiL/DeETW5GnbQqFQ7XqJkfGyr4DMvd5OZoCAAA=")]
    [InlineData("keys str, protocol 4", "H4sIAAdfAWsC/5vsF+obEMnIUMZQrZ6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvkamjoKtQqUAa4GlqlLGRnAoEc0rzS3oFIvOb8oVS+3NKckM7GoKLFySg9PfFFqcn5ecUlRaXLJlMlTeljBCqf0sOelQJRMnuLN0DrFmTFpSvuUoCka3oyaGcw9rCkllQWpIPVM/hZTOjsgUsw9jDVT/Pz8vP4DAZjwti+ZktQZO6V2ikYPt5GBgXm8ARAYG03JYMpgBZmbwQ411VsEyOHuYUozQTbOBs04BpBxzgEMDA32DGQB7PqmAI1Fdp8lDvdJge2mJmiwB9ldmggk9ABZInePMAIAAA==")]
    public void Samples_WithClassLabels_HaveTheTagsOfTheFile(string kind, string file)
    {
        Assert.NotEmpty(kind);
        SmallVoc.List(_temp, "train", First, Second);
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        File.WriteAllBytes(_temp.File("cls_labels.npy"), Unzip(file));
        Assert.Equal([[0, 14], [19]], Open().Samples("train").Select(sample => sample.Tags));
        Assert.Equal(TagSource.ClassLabels, Open().TagsOf("train"));
    }

    [Fact]
    public void Samples_WithClassLabelsThatCallAFunction_RefuseItByName()
    {
        const string CallsSystem = "H4sIAAdfAWsC/6WKzUrDQBRGJ42/U3+qvkB2k0JJQ10obroQXBhMJSDEhYTJzEgLTSZ3ZqKGtuCm1K59YB2tb+BZXLjnO5/xw939o4Ne0IxwoZkiVx6Zj0jPI89SGUXLTCoufvQNnWphvR7TStjf7/a8hfc/8LvLyrqomoBJJYKinpoJVYo2OFOCyVIbVTODAW0qXPLNCk6EltC6dnJwV7CVwLYfOd2/iJumEhh20hZCaHQJu+uPFewlsO9HbupYNwccx/Htl+X3REMD7Xz9BAcLOEzbthiE4UUWWs4HcMQqqSdvWDfaiALDcdqxhZE1G3t9U1R9+VoKDp0lnCRwqqmBszz4BvRROWFYAQAA";
        SmallVoc.List(_temp, "train", First);
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        File.WriteAllBytes(_temp.File("cls_labels.npy"), Unzip(CallsSystem));
        var error = Assert.Throws<DatasetException>(() => Open().Samples("train"));
        Assert.Contains("posix.system", error.Message);
        Assert.Contains("cls_labels.npy", error.Message);
    }

    [Fact]
    public void Samples_WithDamagedClassLabels_NeverCrash()
    {
        SmallVoc.List(_temp, "train", First);
        Directory.Delete(_temp.File("Annotations"), recursive: true);
        var sound = Unzip("H4sIAAdfAWsC/62Oy0sCQQDGZ7Xn2jvtXW6nXUFELOhB4EHo0NIqC4EdQvYxsoHu+s3OBpKCFzHP/cE1vg5Fp+p3GJhvvuH3vRsP95VHibyQV9WlocPUa0XtlNWsotYDxpnl1wLm0lF8azVCKvLQs1pU3LVMVukqf0PuxR0/arbaOSdgNNeMGvzZYsxqyzVGncAPOYscLoNMWrLvTl4h6aSPWEmyER9gzsS8pkuZacnl7RaVsVCNEULKl1gcvg2wZGJZ0+NVSWQdyIZh3H0Ixode5EjYwyesdLGqVROiUsjnL2p5wVkBax7xxr51T8g2TGwKmZ7sY8ubOOrn2B45kiZSM8cNdr46CMeuPSxVCOkVya/4+R/2OPbtb6OvcDAbfTgafWTieDr6xEuNV/wnvSLSHIodWRyndu4TJccdA1UCAAA=");
        for (var cut = 0; cut < sound.Length; cut += 20)
        {
            File.WriteAllBytes(_temp.File("cls_labels.npy"), sound[..cut]);
            Assert.Throws<DatasetException>(() => Open().Samples("train"));
        }
        for (var position = 0; position < sound.Length; position += 4)
        {
            var damaged = (byte[])sound.Clone();
            damaged[position] ^= 0x2A;
            File.WriteAllBytes(_temp.File("cls_labels.npy"), damaged);
            // Either refused, or read with other values: a flipped bit in a number cannot be seen.
            var error = Record.Exception(() => Open().Samples("train"));
            Assert.True(error is null or DatasetException, $"byte {position}: {error}");
        }
    }

    private VocFolder Open() => VocFolder.Open(_temp.Path);

    private static byte[] Unzip(string base64)
    {
        using var unzip = new GZipStream(new MemoryStream(Convert.FromBase64String(base64)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
