using Dashboard.Backend.Evaluation;

namespace Dashboard.Tests.Evaluation;

public sealed class SoftCamFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("soft-cam").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 5e-4)]
    public void Read_WhatWasWritten_GivesSizeClassesAndValues(bool half, double tolerance)
    {
        var path = SoftCamFile.PathOf(_folder, "2007_000032");
        var cam = Cam();

        SoftCamFile.Write(path, cam, half);
        var read = SoftCamFile.Read(path);

        Assert.Equal((cam.Width, cam.Height), (read.Width, read.Height));
        Assert.Equal(cam.Classes, read.Classes);
        Assert.All(cam.Maps.Zip(read.Maps), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Read_ImageWithoutClasses_GivesNoMaps()
    {
        var path = SoftCamFile.PathOf(_folder, "empty");
        SoftCamFile.Write(path, new SoftCam(5, 4, [], []));
        Assert.Empty(SoftCamFile.Read(path).Maps);
    }

    [Fact]
    public void Read_CutAnywhere_NamesTheFile()
    {
        var path = SoftCamFile.PathOf(_folder, "cut");
        SoftCamFile.Write(path, Cam());
        var whole = File.ReadAllBytes(path);
        Assert.All(Enumerable.Range(0, whole.Length), length =>
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => SoftCamFile.Read(path)).Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Read_AnyBitFlipped_IsRefusedInBoundedMemory()
    {
        var path = SoftCamFile.PathOf(_folder, "flipped");
        SoftCamFile.Write(path, Cam());
        var whole = File.ReadAllBytes(path);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, flipped);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => SoftCamFile.Read(path)).Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }
    }

    /// <summary>The maps of runs from before there were checksums.</summary>
    [Fact]
    public void Read_Version1_GivesTheSame()
    {
        var path = SoftCamFile.PathOf(_folder, "old");
        SoftCamFile.Write(path, Cam());
        var bytes = File.ReadAllBytes(path)[..^32];
        bytes[8] = 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(Cam().Maps, SoftCamFile.Read(path).Maps);
    }

    private static SoftCam Cam() => new(4, 3, [2, 7], [.. Enumerable.Range(0, 24).Select(i => i / 23f)]);
}
