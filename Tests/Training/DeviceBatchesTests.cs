using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Training;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Voc;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Training;

/// <summary>A copy on the host stands for one on the device.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class DeviceBatchesTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Sample[] _samples;
    private readonly List<Tensor> _brought = [];

    public DeviceBatchesTests() =>
        _samples = [.. Enumerable.Range(0, 9).Select(i =>
        {
            var path = _temp.File($"{i}.png");
            ImageFile.WritePng(path, SmallVoc.Picture($"{i}"));
            return new Sample($"{i}", path, null, [0]);
        })];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Read_OneAhead_GivesTheLoadersBatchesOnTheDevice()
    {
        Assert.Equal(Contents(new DeviceBatches(Loader(), bring: null)), Contents(new DeviceBatches(Loader(), Bring)));

        Assert.Equal(6, _brought.Count);
        Assert.All(_brought, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void Read_OneAhead_HandsOutWhatIsOnTheDeviceAlready()
    {
        foreach (var batch in new DeviceBatches(Loader(), Bring).Read(epochs: 1))
            using (batch)
            using (var images = batch.ImageTensor(8, 8, CPU))
            {
                images.fill_(7);
                Assert.All(((Tensor)batch.OnDevice!).data<float>().ToArray(), value => Assert.Equal(7, value));
                Assert.DoesNotContain(7, batch.Images);
            }
    }

    [Fact]
    public void Read_LeftEarly_LetsGoOfTheBatchAhead()
    {
        foreach (var batch in new DeviceBatches(Loader(), Bring).Read(epochs: 3))
        {
            batch.Dispose();
            break;
        }

        Assert.InRange(_brought.Count, 1, 2);
        Assert.All(_brought, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void Read_ACorruptImage_FailsBehindTheBatchesBeforeIt()
    {
        File.WriteAllText(_samples[8].ImagePath, "no image");
        var seen = 0;

        var error = Assert.Throws<DatasetException>(() =>
        {
            foreach (var batch in new DeviceBatches(Loader(shuffle: false), Bring).Read(epochs: 1))
                using (batch)
                    seen++;
        });

        Assert.Equal(2, seen);
        Assert.Contains(_samples[8].ImagePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ADeviceWithoutRoom_TellsIt() => Assert.Throws<InsufficientMemoryException>(() =>
    {
        foreach (var batch in new DeviceBatches(Loader(), _ => throw new InsufficientMemoryException()).Read(epochs: 1))
            batch.Dispose();
    });

    private Tensor Bring(Tensor host)
    {
        using (host)
        {
            var copy = host.clone();
            lock (_brought)
                _brought.Add(copy);
            return copy;
        }
    }

    private BatchLoader Loader(bool shuffle = true) =>
        new(_samples, 1, new CamAugmentation(8, 12, 12), new() { BatchSize = 3, Seed = 1, Threads = 2, Shuffle = shuffle });

    private static List<string> Contents(DeviceBatches batches)
    {
        var contents = new List<string>();
        foreach (var batch in batches.Read(epochs: 3, startEpoch: 1))
            using (batch)
            using (var images = batch.ImageTensor(8, 8, CPU))
                contents.Add($"{batch.Epoch} {batch.Step} {string.Join(",", batch.Ids)} {string.Join(",", images.data<float>().ToArray())}");
        return contents;
    }
}
