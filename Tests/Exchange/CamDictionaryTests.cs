using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Exchange;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Exchange;

public sealed class CamDictionaryTests : IDisposable
{
    private const string Load = "import numpy, sys; cam = numpy.load(sys.argv[1], allow_pickle=True).item(); ";

    private static readonly SoftCam Cam = new(7, 5, [2, 19], [.. Enumerable.Range(0, 70).Select(i => i % 35 / 34f)]);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ThenRead_GivesTheSameMaps()
    {
        var read = CamDictionary.Read(Written(Cam));

        Assert.Equal((Cam.Width, Cam.Height), (read.Width, read.Height));
        Assert.Equal(Cam.Classes, read.Classes);
        Assert.Equal(Cam.Maps, read.Maps);
    }

    /// <summary>As the authors' code gives such an image: no maps, of the image's size.</summary>
    [Fact]
    public void Write_OfAnImageWithoutTags_KeepsItsSize()
    {
        var read = CamDictionary.Read(Written(new(7, 5, [], [])));

        Assert.Equal((7, 5, 0), (read.Width, read.Height, read.Classes.Count));
    }

    [PythonFact("numpy")]
    public void Write_ForNumpy_IsADictionaryInIrnsLayout()
    {
        var told = Python.Run(
            "numpy",
            Load + "print({key: (str(value.dtype), value.shape) for key, value in cam.items()}, cam['keys'].tolist(), "
                + "round(float(cam['high_res'].sum()), 3), cam['high_res'][1, 4, 6], cam['high_res'].flags.writeable, cam['cam'].max() < 1)",
            Written(Cam));

        Assert.Equal(
            "{'keys': ('int64', (2,)), 'cam': ('float32', (2, 2, 2)), 'high_res': ('float32', (2, 5, 7))} [2, 19] 35.0 1.0 True True",
            told);
    }

    /// <summary>PyTorch's own resizing is the reference of the strided maps.</summary>
    [PythonFact("torch")]
    public void Write_TheStridedMaps_AreTheFullOnesInterpolatedAndNormalised()
    {
        var told = Python.Run(
            "torch",
            Load + "import torch; small = torch.nn.functional.interpolate(torch.tensor(cam['high_res'])[None], size=cam['cam'].shape[1:], "
                + "mode='bilinear', align_corners=False)[0]; "
            + "small = small / (small.amax((1, 2), keepdim=True) + 1e-5); print((small - torch.tensor(cam['cam'])).abs().max().item() < 1e-6)",
            Written(Cam));

        Assert.Equal("True", told);
    }

    [PythonFact("numpy")]
    public void Read_WhatTheAuthorsWrite_GivesClassesAndMaps()
    {
        Python.Run(
            "numpy",
            """
            import numpy, sys
            folder = sys.argv[1] + "/"
            maps = (numpy.arange(24, dtype=numpy.float32) / 23).reshape(2, 3, 4)
            numpy.save(folder + "irn.npy", {"keys": numpy.array([0, 4]), "cam": maps[:, :1, :1], "high_res": maps})
            numpy.save(folder + "camera-ready.npy", {"keys": numpy.array([0, 1, 5]), "cam": maps[:, :1, :1], "hr_cam": maps.astype(numpy.float16)})
            numpy.save(folder + "walk.npy", {"keys": numpy.array([0, 1, 5]), "rw": maps.astype(numpy.float64)})
            numpy.save(folder + "psa.npy", {4: maps[1], 0: maps[0]})
            numpy.save(folder + "crf.npy", {0: maps[0], 5: 1 - maps[0]})
            numpy.save(folder + "large.npy", {"keys": numpy.array([0]), "high_res": 2 * maps[:1] + 1})
            numpy.save(folder + "nan.npy", {"keys": numpy.array([0]), "high_res": maps[:1] * numpy.nan})
            numpy.save(folder + "fewer.npy", {"keys": numpy.array([0]), "high_res": maps})
            numpy.save(folder + "logits.npy", maps)
            numpy.save(folder + "twice.npy", {"keys": numpy.array([3, 3]), "high_res": maps})
            """,
            _folder.Path);

        foreach (var name in (string[])["irn", "camera-ready", "walk", "psa"])
        {
            var cam = CamDictionary.Read(_folder.File($"{name}.npy"));
            Assert.Equal((4, 3), (cam.Width, cam.Height));
            Assert.Equal([0, 4], cam.Classes);
            Assert.Equal(13 / 23f, cam.Maps[13], name == "camera-ready" ? 3 : 7);
        }
        Assert.Contains("probabilities of labels that PSA's CRF writes", Refusal("crf"));
        Assert.Contains("lie between 0 and 1", Refusal("large"));
        Assert.Contains("the value NaN", Refusal("nan"));
        Assert.Contains("1 keys and 2 maps", Refusal("fewer"));
        Assert.Contains("no 0-dimensional object array", Refusal("logits"));
        Assert.Contains("two maps of class 3", Refusal("twice"));
    }

    /// <summary>
    /// IRN's make_cam puts tensors of PyTorch into its dictionaries: the file was written by its line of code, with Debian's python3-torch.
    /// </summary>
    [Fact]
    public void Read_WithTensorsInIt_GivesTheirNumbers()
    {
        var cam = CamDictionary.Read(Path.Combine(AppContext.BaseDirectory, "Exchange", "Files", "irn.npy"));

        Assert.Equal((6, 5), (cam.Width, cam.Height));
        Assert.Equal([3, 14], cam.Classes);
        Assert.Equal([.. Enumerable.Range(0, 60).Select(i => i / 64f)], cam.Maps);
    }

    [Fact]
    public void Read_ADamagedFile_SaysWhatIsWrong()
    {
        var whole = File.ReadAllBytes(Written(Cam));
        for (var length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(_folder.File("cut.npy"), whole[..length]);
            Assert.NotEmpty(Refusal("cut"));
        }
    }

    private string Refusal(string name) => Assert.Throws<InvalidDataException>(() => CamDictionary.Read(_folder.File($"{name}.npy"))).Message;

    private string Written(SoftCam cam)
    {
        var path = _folder.File("written.npy");
        using var file = File.Create(path);
        CamDictionary.Write(file, cam);
        return path;
    }
}
