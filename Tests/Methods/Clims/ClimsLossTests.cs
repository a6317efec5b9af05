using Dashboard.Backend.Methods.Clims;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Libtorch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Methods.Clims;

[Collection(LibtorchCollection.Name)]
public sealed class ClimsLossTests
{
    private static readonly ClimsOptions Defaults = new();

    /// <summary>The mean colour of a crop: enough of an image encoder to have values, gradients and memory to look at.</summary>
    private static readonly ImageTower MeanColour = images => functional.normalize(images.mean([2, 3]) + 0.1, dim: -1);

    [Fact]
    public void Losses_KnownCosines_GiveTheValuesWorkedOutByHand()
    {
        using var scope = NewDisposeScope();
        var loss = Loss(Defaults, classes: 2, backgrounds: 10);
        var k = Classes(0, 1);
        var otm = loss.OTM(tensor([0.25f, 0.3f]), k).mean().item<float>();
        var btm = loss.BTM(tensor([0.2f, 0.22f]), k).mean().item<float>();
        var cosines = full([2, 10], 0.1f);
        cosines[0, 0] = 0.27f;
        cosines[0, 1] = 0.25f;
        cosines[1, 0] = 0.31f;
        var cbs = loss.CBS(cosines, k).sum().item<float>();
        var reg = loss.REG(full([2, 2, 3, 3], 0.3f), Pairs(1, 1, 1, 1)).item<float>();

        Assert.Equal(1.295134, otm, 6);
        Assert.Equal(0.235802, btm, 6);
        Assert.Equal(0.685774, cbs, 6);
        Assert.Equal(19.356369, (10 * otm) + (24 * btm) + cbs + (0.2 * reg), 5);
    }

    [Fact]
    public void Cbs_RelatedBackgroundsAndMean_CountsAClassOwnBackgroundsOnly()
    {
        using var scope = NewDisposeScope();
        var related = tensor([true, true, false, false, false, false], [2, 3]);
        var published = new ClimsOptions { CbsThreshold = -1, CbsOverBackgrounds = ClimsReduction.Mean };
        var loss = new ClimsLoss(MeanColour, 4, new ClimsTexts(zeros(2, 3), zeros(3, 3), related), published);
        var cbs = loss.CBS(tensor([0.5f, 0.2f, 0.9f, 0.5f, 0.2f, 0.9f], [2, 3]), Classes(0, 1)).data<float>().ToArray();
        Assert.Equal(-(Math.Log(0.5) + Math.Log(0.8)) / 2, cbs[0], 6);
        Assert.Equal(0, cbs[1]);
    }

    [Fact]
    public void Otm_WithoutBounds_PassesTheGradientOfSmallCosines()
    {
        using var scope = NewDisposeScope();
        var (bounded, raw) = (tensor([5e-5f]).requires_grad_(), tensor([5e-5f]).requires_grad_());
        Loss(Defaults, 1, 0).OTM(bounded, Classes(0)).sum().backward();
        Loss(Defaults with { ClampCosines = false }, 1, 0).OTM(raw, Classes(0)).sum().backward();
        Assert.Equal(0, bounded.grad!.item<float>());
        Assert.Equal(-20000, raw.grad!.item<float>(), 0);
    }

    [Fact]
    public void OtmAndBtm_ClassWeights_WeighThatClassOnly()
    {
        using var scope = NewDisposeScope();
        var loss = new ClimsLoss(MeanColour, 4, Texts(2, 0), Defaults) { ClassWeights = tensor([1f, 3f]) };
        var k = Classes(1, 0);
        Assert.Equal([3 * 0.6931472f, 0.6931472f], loss.OTM(tensor([0.5f, 0.5f]), k).data<float>().ToArray());
        Assert.Equal([3 * 0.6931472f, 0.6931472f], loss.BTM(tensor([0.5f, 0.5f]), k).data<float>().ToArray());
    }

    [Fact]
    public void Reg_OfPresentClasses_LeavesAbsentOnesOut()
    {
        using var scope = NewDisposeScope();
        var maps = cat([full([2, 1, 3, 3], 0.8f), full([2, 1, 3, 3], 0.2f)], 1);
        var pairs = Pairs(1, 0, 1, 0);
        Assert.Equal(0.5f, Loss(Defaults, 2, 0).REG(maps, pairs).item<float>(), 1e-6f);
        var present = Loss(Defaults with { RegOfPresentClasses = true }, 2, 0);
        Assert.Equal(0.8f, present.REG(maps, pairs).item<float>(), 1e-6f);
        Assert.Equal(0, present.REG(maps, Pairs(0, 0, 0, 0)).item<float>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Backward_AnyNumberOfPairs_HasFiniteTermsAndGradients(int backgrounds)
    {
        foreach (var tags in (float[][])[[0, 0, 0, 0], [0, 0, 1, 0], [1, 1, 1, 1]])
        {
            using var scope = NewDisposeScope();
            var maps = Maps();
            var curves = Loss(Defaults, 2, backgrounds).backward(maps, Images(), Pairs(tags)).Curves(Defaults).ToDictionary(curve => curve.Name,
                curve => curve.Value.item<float>());
            Assert.All(curves, curve => Assert.True(float.IsFinite(curve.Value), $"{curve.Key} of {tags.Sum()} tags is {curve.Value}"));
            Assert.Equal(tags.Sum() == 0, curves["loss term/OTM"] == 0);
            Assert.Equal(tags.Sum() == 0 || backgrounds == 0, curves["loss term/CBS"] == 0);
            Assert.Equal(1, curves.Where(curve => curve.Key.StartsWith("loss share/", StringComparison.Ordinal)).Sum(curve => curve.Value), 5);
            Assert.True(maps.grad!.isfinite().all().item<bool>());
        }
    }

    [Fact]
    public void Backward_PairsInParts_GivesTheSameTermsAndGradient()
    {
        using var scope = NewDisposeScope();
        var (whole, parts, sizes) = (Maps(), Maps(), new List<long>());
        var options = Defaults with { CbsOverPairs = ClimsReduction.Mean };
        var expected = Loss(options, 2, 3).backward(whole, Images(), Pairs(1, 1, 1, 1));
        ImageTower counting = images =>
        {
            sizes.Add(images.shape[0]);
            return MeanColour(images);
        };
        var actual = new ClimsLoss(counting, 4, Texts(2, 3), options with { PairsAtOnce = 3 }).backward(parts, Images(), Pairs(1, 1, 1, 1));
        // Two crops a pair, of which the image tower sees both at once.
        Assert.Equal([6, 2], sizes);
        Assert.Equal(expected.Total.item<float>(), actual.Total.item<float>(), 4);
        Assert.True((whole.grad! - parts.grad!).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void Backward_MapsOfANetwork_ReachItsWeights()
    {
        using var scope = NewDisposeScope();
        var logits = Maps();
        Loss(Defaults with { OtmWeight = 0, BtmWeight = 0, CbsWeight = 0, RegWeight = 1 }, 2, 3)
            .backward(logits.sigmoid(), Images(), Pairs(1, 1, 1, 1));
        var P = logits.sigmoid();
        var expected = P * (1 - P) / P.NumberOfElements;
        Assert.True((expected - logits.grad!).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void Backward_WithoutWeights_SharesNothing()
    {
        using var scope = NewDisposeScope();
        var none = Defaults with { OtmWeight = 0, BtmWeight = 0, CbsWeight = 0, RegWeight = 0 };
        var shares = Loss(none, 2, 3).backward(Maps(), Images(), Pairs(1, 0, 0, 1)).Curves(none).Where(curve =>
            curve.Name.StartsWith("loss share/", StringComparison.Ordinal));
        Assert.All(shares, share => Assert.Equal(0, share.Value.item<float>()));
    }

    [Fact]
    public void Present_Tags_GivesPairsImageByImage()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0, 1, 1, 0, 1, 2], ClimsLoss.present([0, 1, 0, 1, 0, 1], 3).data<long>().ToArray());
        Assert.Equal([0, 2], ClimsLoss.present([0, 0, 0], 3).shape);
    }

    [Fact]
    public void Backward_MapsOfOtherClasses_SaysWhichShapeIsExpected()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => Loss(Defaults, 3, 3).backward(Maps(), Images(), Pairs(1, 1, 1, 1)));
        Assert.Contains("[N, 3, h, w] are expected, not [2, 2, 3, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_WeightsOfOtherClasses_SaysHowManyAreExpected()
    {
        using var scope = NewDisposeScope();
        var loss = new ClimsLoss(MeanColour, 4, Texts(2, 3), Defaults) { ClassWeights = ones(3) };
        Assert.Contains("2 weights are expected", Assert.Throws<ArgumentException>(() => loss.backward(Maps(), Images(), Pairs(1, 1, 1, 1))).Message,
            StringComparison.Ordinal);
    }

    private static ClimsLoss Loss(ClimsOptions options, int classes, int backgrounds) => new(MeanColour, 4, Texts(classes, backgrounds), options);

    private static ClimsTexts Texts(int classes, int backgrounds) => new(Directions(classes, 1), Directions(backgrounds, 2));

    private static Tensor Directions(int count, int offset) =>
        functional.normalize((arange(count * 3, dtype: ScalarType.Float32) * 0.7 + offset).sin().reshape(count, 3), dim: -1);

    private static Tensor Classes(params long[] k) => tensor(k);

    /// <summary>Of two images' tags of two classes.</summary>
    private static Tensor Pairs(params float[] y) => ClimsLoss.present(y, 2);

    private static Parameter Maps() => new((arange(2 * 2 * 3 * 3, dtype: ScalarType.Float32) * 0.9).sin().reshape(2, 2, 3, 3) * 0.4 + 0.5);

    private static Tensor Images() => (arange(2 * 3 * 6 * 5, dtype: ScalarType.Float32) * 1.3).cos().reshape(2, 3, 6, 5);
}
