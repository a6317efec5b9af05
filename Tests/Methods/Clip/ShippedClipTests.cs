using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Images;
using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Methods.Clip;

[Collection(LibtorchCollection.Name)]
public sealed class ShippedClipTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void BuiltInClip_ImagesItHasNeverSeen_NamesTheObjectsAndNotTheirBackground()
    {
        using var scope = NewDisposeScope();
        using var clip = LoadedClip.Open(new ModelCatalog(_folder.Path).Find(ClimsMethod.BuiltInClip), CPU);
        var world = CooccurrenceWorld.Make(_folder.File("world"), train: 200, val: 0, seed: 7, size: clip.Model.Shape.ImageResolution);
        var texts = clip.Texts([.. world.Classes.Names.Select(name => $"a photo of a {name}")]);

        var (right, decorrelated) = (new List<bool>(), new List<bool>());
        foreach (var sample in world.Samples("train").Where(sample => sample.Tags.Count == 1))
        {
            using var inner = NewDisposeScope();
            var image = ImageFile.ReadRgb(sample.ImagePath);
            var feature = clip.Model.encode_image(tensor(Normalisation.ImageNet.ToPlanes(image), [1, 3, image.Height, image.Width]));
            right.Add(functional.normalize(feature, dim: -1).matmul(texts.t()).argmax().item<long>() == sample.Tags[0]);
            var stuff = ImageFile.ReadLabels(sample.MaskPath!.Replace("SegmentationClass", CooccurrenceWorld.Stuff)).Labels;
            if (stuff.Any(label => label > 0) && !stuff.Contains((byte)(sample.Tags[0] + 1)))
                decorrelated.Add(right[^1]);
        }

        Assert.True(right.Average(value => value ? 1 : 0) > 0.9, $"{right.Count(value => value)} of {right.Count}");
        Assert.True(decorrelated.Average(value => value ? 1 : 0) > 0.75, $"{decorrelated.Count(value => value)} of {decorrelated.Count}");
    }
}
