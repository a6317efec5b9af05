using Dashboard.Backend.Models;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Models;

/// <summary>Numbers of the authors' code are in <see cref="Golden.SimSegChecks"/>.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class TokenPoolingTests
{
    [Fact]
    public void MaximumResponse_EachChannel_ChoosesItsOwnTokens()
    {
        using var scope = NewDisposeScope();
        var tokens = tensor(new float[] { 1, 9, 5, 2, 3, 7 }, [1, 3, 2]);
        Assert.Equal([5, 9], Values(TokenPooling.MaximumResponse(tokens, 1)));
        Assert.Equal([4, 8], Values(TokenPooling.MaximumResponse(tokens, 2)));
    }

    [Fact]
    public void MaximumResponse_MoreThanThereAre_CountsAll()
    {
        using var scope = NewDisposeScope();
        var tokens = tensor(new float[] { 1, 9, 5, 2, 3, 7 }, [1, 3, 2]);
        Assert.Equal(Values(TokenPooling.Average(tokens)), Values(TokenPooling.MaximumResponse(tokens, 10)));
    }

    [Fact]
    public void MaximumResponse_AShortText_LowersKForTheWholeBatch()
    {
        using var scope = NewDisposeScope();
        var tokens = tensor(new float[] { 1, 2, 6, 4, 100, 100 }, [2, 3, 1]);
        var mask = tensor(new long[] { 1, 1, 1, 1, 0, 0 }, [2, 3]);
        Assert.Equal([6, 4], Values(TokenPooling.MaximumResponse(tokens, 3, mask)));
        Assert.Equal([3, 68], Values(TokenPooling.MaximumResponse(tokens, 3)));
    }

    [Fact]
    public void L2Norm_Zero_StaysZeroAndHasAFiniteGradient()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, 3).requires_grad_();
        var normalised = TokenPooling.L2Norm(x);
        normalised.sum().backward();
        Assert.Equal([0, 0, 0], Values(normalised));
        Assert.True(x.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void Texts_Kinds_PoolWhatTheySay()
    {
        using var scope = NewDisposeScope();
        var words = tensor(new float[] { 1, 0, 0, 2, 9, 9 }, [1, 3, 2]);
        var mask = tensor(new long[] { 1, 1, 0 }, [1, 3]);
        Assert.Equal([1, 0], Values(TokenPooling.Texts(new(PoolingKind.Global), words, mask)));
        Assert.Equal(Values(TokenPooling.L2Norm(tensor(new float[] { 1, 2 }, [1, 2]))),
            Values(TokenPooling.Texts(new(PoolingKind.Average), words, mask)));
        Assert.Equal(Values(TokenPooling.L2Norm(tensor(new float[] { 1, 2 }, [1, 2]))),
            Values(TokenPooling.Texts(new(PoolingKind.Loda), words, mask)));
        Assert.Equal(Values(TokenPooling.L2Norm(tensor(new float[] { 9, 9 }, [1, 2]))),
            Values(TokenPooling.Texts(new(PoolingKind.Loda, MaskPadding: false), words, mask)));
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
