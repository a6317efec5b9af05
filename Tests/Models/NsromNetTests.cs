using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Nsrom;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Libtorch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Models;

[Collection(LibtorchCollection.Name)]
public sealed class NsromNetTests
{
    /// <summary>What the features know is what the classifier sees first: noise of a unit that begins anywhere would drown it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Maps_OnAResNetFromImageNet_AreTheClassifiersOfTheFeaturesAtFirst(bool integral)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        random.manual_seed(0);
        using var net = new NsromShape(ResNetShape.ResNet18).Build(classes: 3, integral, new NsromOptions());
        net.train(BatchNormMode.Fixed);
        var images = randn(2, 3, 64, 64);

        var maps = net.maps(images);

        var expected = ((Conv2d)net.Head[^1]).call(functional.relu(net.Features.call(images)));
        Assert.Equal([2, 3, 8, 8], maps.shape);
        Assert.True(maps.allclose(expected));
    }

    [Fact]
    public void Head_OnTheAuthorsFeaturesOrWithoutImageNet_HasThreeConvolutionsMore()
    {
        using var vgg = NsromShape.Vgg16.Build(classes: 3, integral: false, new NsromOptions());
        using var small = new NsromShape(ResNetShape.Small).Build(classes: 3, integral: false, new NsromOptions());

        Assert.Equal([(512, 3), (128, 1)], new[] { vgg, small }.Select(net =>
        {
            var last = (Conv2d)((Sequential)net.Head[0])[4];
            return ((int)last.weight.shape[0], (int)last.weight.shape[2]);
        }));
    }
}
