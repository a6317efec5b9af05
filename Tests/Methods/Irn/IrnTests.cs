using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Irn;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Irn;
using Dashboard.Tests.Libtorch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.Irn;

/// <summary>What the authors' code has no answer to.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class IrnTests
{
    [Theory]
    [InlineData(255, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(3, 0, 1)]
    public void Loss_OfALabelMapOfOneLabel_IsFinite(long label, int backgroundPairs, int foregroundPairs)
    {
        using var scope = NewDisposeScope();
        var (boundary, displacement) = (randn(2, 1, 14, 12).requires_grad_(), randn(2, 2, 14, 12).requires_grad_());

        var terms = new IrnLoss(radius: 5).Of(boundary, displacement, full(2, 14, 12, label, int64), classes: 21);
        terms.Total.backward();

        Assert.Equal(0, terms.Negative.item<float>());
        Assert.Equal(backgroundPairs > 0, terms.DisplacementBackground.item<float>() > 0);
        Assert.Equal(foregroundPairs > 0, terms.DisplacementForeground.item<float>() > 0);
        Assert.True(float.IsFinite(boundary.grad!.sum().item<float>() + displacement.grad!.sum().item<float>()));
    }

    [Fact]
    public void Optimizer_LearnsBothBranchesAtTheirRatesAndNotTheBackbone()
    {
        using var scope = NewDisposeScope();
        using var net = new IrNet(ResNetShape.Small);
        using var optimizer = IrnOptimizer.Create(net, learningRate: 0.1, weightDecay: 1e-4);
        var groups = optimizer.ParamGroups.Cast<SGD.ParamGroup>().ToList();

        Assert.Equal([0.1, 1.0], groups.Select(group => group.LearningRate));
        Assert.All(groups, group => Assert.Equal((1e-4, 1e-4), (group.Options.momentum, group.Options.weight_decay)));
        Assert.Equal(net.named_parameters().Count(named => named.name.StartsWith("fc_", StringComparison.Ordinal)),
            groups.Sum(group => group.Parameters.Count()));
        Assert.All(net.Backbone.parameters(), parameter => Assert.False(parameter.requires_grad));
    }

    [Fact]
    public void Loss_OfMapsSmallerThanTheRadius_IsNothing()
    {
        using var scope = NewDisposeScope();
        var boundary = randn(1, 1, 4, 6).requires_grad_();
        var terms = new IrnLoss(radius: 5).Of(boundary, randn(1, 2, 4, 6), zeros(1, 4, 6, int64), classes: 21);
        terms.Total.backward();
        Assert.Equal(0, terms.Total.item<float>());
    }

    [Fact]
    public void Labels_OfAnImageOfOnePixel_AreOfItsClassOrBackground()
    {
        var walk = new IrnWalk();
        Assert.Equal([5], walk.Labels([0.8f], [4], [0.2f], new ImageSize(1, 1)).Labels.Select(label => (int)label));
        Assert.Equal([0], walk.Labels([0f], [4], [0.2f], new ImageSize(1, 1)).Labels.Select(label => (int)label));
    }

    [Fact]
    public void Labels_BehindAWall_GetNoClass()
    {
        // Class 0 lies left of a wall in the middle, class 1 right of it, each known by one position.
        var size = new ImageSize(80, 40);
        var strided = size.Strided(IrnWalk.Stride);
        var (maps, boundary) = (new float[2 * strided.Width * strided.Height], new float[strided.Width * strided.Height]);
        for (var y = 0; y < strided.Height; y++)
            boundary[y * strided.Width + 10] = 1;
        maps[5 * strided.Width + 3] = 1;
        maps[(strided.Height + 5) * strided.Width + 16] = 1;

        var labels = new IrnWalk { BackgroundThreshold = 0.01 }.Labels(maps, [0, 1], boundary, size);

        Assert.All(Enumerable.Range(0, 40), y => Assert.Equal((1, 2), (labels[12, y], labels[70, y])));
    }
}
