using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Evaluation;

public sealed class LabelMapEvaluationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("label-maps").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_TwoImages_ScoresThemTogether()
    {
        Put("truth/a.png", 0, 0, 1, 1);
        Put("truth/b.png", 0, 0, 0, 255);
        Put("prediction/a.png", 0, 1, 1, 1);
        Put("prediction/b.png", 0, 0, 0, 1);

        var result = Run();

        Assert.Equal(2, result.Images);
        Assert.Equal([4.0 / 5, 2.0 / 3, null], result.PerClass);
        Assert.Equal((4.0 / 5 + 2.0 / 3) / 2, result.Miou, 1e-12);
        Assert.Equal(["a", "b"], result.PerImage.Select(image => image.Id));
    }

    [Fact]
    public void Run_ManyProblems_NamesEveryOne()
    {
        Put("truth/only-truth.png", 0, 0, 0, 0);
        Put("prediction/only-prediction.png", 0, 0, 0, 0);
        Put("truth/size.png", 0, 0, 0, 0);
        Put("prediction/size.png", 0, 0, 0, 0, 0, 0, 0, 0);
        Put("truth/range.png", 0, 0, 0, 0);
        Put("prediction/range.png", 0, 0, 3, 0);
        Put("truth/damaged.png", 0, 0, 0, 0);
        File.WriteAllText(Path.Combine(_folder, "prediction/damaged.png"), "no image");

        var error = Assert.Throws<InvalidDataException>(() => Run()).Message;

        Assert.Contains("only-truth: the prediction is missing", error, StringComparison.Ordinal);
        Assert.Contains("only-prediction: the ground truth is missing", error, StringComparison.Ordinal);
        Assert.Contains("size: The prediction is 4x2, but the ground truth is 4x1", error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder, "prediction/damaged.png"), error, StringComparison.Ordinal);
        Assert.Contains("range: The prediction has label 3", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OnlyASplit_LeavesTheRestOut()
    {
        Put("truth/a.png", 0, 0, 1, 1);
        Put("prediction/a.png", 0, 0, 1, 1);
        Put("truth/not-predicted.png", 0, 0, 0, 0);
        Assert.Equal(1, Run(["a"]).Miou);
    }

    [Fact]
    public void Run_NoSuchFolder_NamesOptionAndFolder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "prediction"));
        Assert.Contains("--truth", Assert.Throws<InvalidDataException>(() => Run()).Message, StringComparison.Ordinal);
    }

    private LabelMapEvaluation Run(IReadOnlyCollection<string>? only = null) =>
        LabelMapEvaluation.Run(Path.Combine(_folder, "prediction"), Path.Combine(_folder, "truth"), 3, only);

    /// <summary>A label map, four pixels wide.</summary>
    private void Put(string file, params byte[] labels)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFile.WriteLabels(path, new LabelMap(4, labels.Length / 4, labels));
    }
}
