using static TorchSharp.torch;

namespace Dashboard.Backend.Models.Clip;

/// <summary>An image tower of tokens: one of the class, and one of every patch.</summary>
public abstract class ClipTokenTower(string name) : ClipImageTower(name)
{
    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns><c>[N, 1 + height * width, C]</c> after the last block: the class token, then the patches row by row.</returns>
    protected abstract Tensor tokens(Tensor images, out long height, out long width);

    /// <param name="x"><c>[..., C]</c></param>
    /// <returns><c>[..., D]</c>, in the common space.</returns>
    protected abstract Tensor project(Tensor x);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return project(tokens(input, out _, out _).select(1, 0)).MoveToOuterDisposeScope();
    }

    public override Tensor patches(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = tokens(images, out var height, out var width);
        x = project(x.narrow(1, 1, height * width));
        return x.transpose(1, 2).unflatten(2, height, width).MoveToOuterDisposeScope();
    }

    public override (Tensor Image, Tensor Patches) image_and_patches(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = project(tokens(images, out var height, out var width));
        var patches = x.narrow(1, 1, height * width).transpose(1, 2).unflatten(2, height, width);
        return (x.select(1, 0).MoveToOuterDisposeScope(), patches.MoveToOuterDisposeScope());
    }

    /// <param name="features">Of patches, <c>[N, C, height, width]</c>.</param>
    /// <param name="class_embedding"><c>[C]</c></param>
    /// <param name="positional_embedding"><c>[1 + g * g, C]</c>, brought to the features' grid.</param>
    /// <returns><c>[N, 1 + height * width, C]</c></returns>
    protected static Tensor embed(Tensor features, Tensor class_embedding, Tensor positional_embedding)
    {
        var (n, height, width) = (features.shape[0], features.shape[2], features.shape[3]);
        var x = cat([class_embedding.to(features.dtype).expand(n, 1, -1), features.flatten(2).transpose(1, 2)], 1);
        return x + interpolate_positions(positional_embedding, height, width).to(x.dtype);
    }
}
