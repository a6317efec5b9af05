using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch;

public sealed class SerializationTests
{
    [Fact]
    public void SaveAndLoad_KeepTypeShapeAndElements()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(Path.GetTempPath(), $"tensor-{Guid.NewGuid():N}.pt");
        try
        {
            var original = arange(6, dtype: float64).reshape(2, 3);
            save(original, path);
            var loaded = load(path);
            Assert.Equal(ScalarType.Float64, loaded.dtype);
            Assert.True(loaded.equal(original).item<bool>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_MissingOrForeignFile_Throws()
    {
        Assert.Throws<ExternalException>(() => load("/no/such/file.pt"));
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "not an archive");
        Assert.Throws<ExternalException>(() => load(path));
        File.Delete(path);
    }

    [Fact]
    public void ToString_ShowsShapeTypeAndElements()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[,] { { 1, 2.5f }, { -3, 0 } });
        Assert.Equal("[2x2], type = Float32, device = cpu", x.ToString());
        Assert.Equal("[[1 2.5]\n [-3 0]]", x.ToString(TensorStringStyle.Numpy));
    }
}
