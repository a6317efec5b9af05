using TorchSharp;
using static Dashboard.Tests.Torch.Reference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Dashboard.Tests.Torch.Functional;

public class FunctionalTests
{
    private static Tensor Logits => Pattern(3, 4).mul(3);
    private static Tensor Tags => Pattern(3, 4).gt(0).to(ScalarType.Float32);
    private static Tensor ClassWeights => tensor(new[] { 1f, 2f, 0.5f, 3f });
    private static Tensor Image => Pattern(1, 2, 4, 6);

    private static readonly Dictionary<string, (Func<Tensor> Value, double Expected)> Cases = new()
    {
        ["multilabel_soft_margin_loss"] = (() => F.multilabel_soft_margin_loss(Logits, Tags), 0.393156528),
        ["multilabel_soft_margin_loss, weighted sum"] = (() => F.multilabel_soft_margin_loss(Logits, Tags, ClassWeights, Reduction.Sum), 1.824489),
        ["binary_cross_entropy_with_logits"] = (() => F.binary_cross_entropy_with_logits(Logits, Tags, pos_weights: ClassWeights), 0.577759445),
        ["binary_cross_entropy"] = (() => F.binary_cross_entropy(Logits.sigmoid(), Tags), 0.393156439),
        ["cross_entropy"] = (
            () => F.cross_entropy(Logits, tensor(new long[] { 0, 3, 255 }), ClassWeights, ignore_index: 255, label_smoothing: 0.1), 2.03528285),
        ["nll_loss"] = (() => F.nll_loss(F.log_softmax(Logits, 1), tensor(new long[] { 0, 3, 2 })), 2.17867136),
        ["mse_loss"] = (() => F.mse_loss(Logits, Tags), 0.480909079),
        ["l1_loss"] = (() => F.l1_loss(Logits, Tags, Reduction.Sum), 6.9636364),
        ["smooth_l1_loss"] = (() => F.smooth_l1_loss(Logits, Tags), 0.23712121),
        ["kl_div"] = (() => F.kl_div(F.log_softmax(Logits, 1), F.log_softmax(Tags, 1), reduction: Reduction.Sum), 0.363851756),
        ["cosine_embedding_loss"] = (() => F.cosine_embedding_loss(Logits, Tags, tensor(new[] { 1f, -1f, 1f }), margin: 0.1), 0.441385359),
        ["cosine_similarity"] = (() => F.cosine_similarity(Logits, Tags).sum(), 2.01324797),
        ["normalize"] = (() => F.normalize(Logits).sum(), 0.423610806),
        ["unfold"] = (() => F.unfold(Image, 3, padding: 1, stride: 2).abs().sum(), 20.5272713),
        ["fold"] = (() => F.fold(F.unfold(Image, 2, stride: 2), (4, 6), (2, 2), stride: (2, 2)).abs().sum(), 12.3999996),
        ["pad, replicate"] = (() => F.pad(Image, (1, 2, 0, 1), PaddingModes.Replicate).abs().sum(), 24.1999989),
        ["pad, constant"] = (() => F.pad(Image, [1, 2, 0, 1], value: 0.5).abs().sum(), 33.4000015),
        ["grid_sample"] = (
            () => F.grid_sample(Image, F.affine_grid(tensor(new[,,] { { { 0.8f, 0.1f, 0f }, { 0f, 1.2f, 0.1f } } }), [1, 2, 4, 6])).abs().sum(), 6.57977247),
        ["scaled_dot_product_attention"] = (
            () => F.scaled_dot_product_attention(Pattern(1, 2, 3, 4), Pattern(1, 2, 5, 4).mul(2), Pattern(1, 2, 5, 3)).abs().sum(), 1.97995603),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_GivesPytorchsValue(string name)
    {
        using var scope = NewDisposeScope();
        AssertClose(Cases[name].Expected, Cases[name].Value().ToSingle(), 1e-6);
    }

    [Fact]
    public void MultilabelSoftMarginLoss_Gradient_IsSigmoidMinusTagOverClassesAndImages()
    {
        using var scope = NewDisposeScope();
        var logits = Logits.requires_grad_();

        F.multilabel_soft_margin_loss(logits, Tags).backward();

        var expected = Values(logits.sigmoid().sub(Tags).div(12f));
        AssertClose([.. expected.Select(x => (double)x)], Values(logits.grad!), 1e-6);
    }

    [Fact]
    public void OneHot_GivenClasses_IsInt64()
    {
        using var scope = NewDisposeScope();
        var oneHot = F.one_hot(tensor(new long[] { 2, 0 }), 4);

        Assert.Equal(ScalarType.Int64, oneHot.dtype);
        Assert.Equal([0, 0, 1, 0, 1, 0, 0, 0], oneHot.data<long>().ToArray());
    }

    [Fact]
    public void ScaledDotProductAttention_Causal_FirstPositionSeesItselfOnly()
    {
        using var scope = NewDisposeScope();
        var value = Pattern(1, 3, 2);

        var attended = F.scaled_dot_product_attention(Pattern(1, 3, 4), Pattern(1, 3, 4), value, is_casual: true);

        AssertClose([.. Values(value).Take(2).Select(x => (double)x)], Values(attended));
    }
}
