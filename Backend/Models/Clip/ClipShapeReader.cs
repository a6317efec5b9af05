using Dashboard.Backend.Weights;


namespace Dashboard.Backend.Models.Clip;

/// <summary>A CLIP's sizes from its tensors' shapes, as OpenAI's build_model derives them.</summary>
public static class ClipShapeReader
{
    /// <param name="tensors">Under OpenAI's names.</param>
    /// <exception cref="CheckpointException">
    /// A tensor is missing, or its shape does not fit the others': names it. So nothing larger than the file is ever built.
    /// </exception>
    public static ClipShape Read(string path, IReadOnlyDictionary<string, TensorData> tensors)
    {
        var textWidth = Side("ln_final.weight", 0, 1);
        var textLayers = Blocks("transformer");
        RequireBlocks("transformer", textLayers, textWidth);
        var embedding = Side("text_projection", 1, 2);
        var (context, vocabulary) = (Side("positional_embedding", 0, 2), Side("token_embedding.weight", 0, 2));
        Require("text_projection", textWidth, embedding);
        Require("positional_embedding", context, textWidth);
        Require("token_embedding.weight", vocabulary, textWidth);

        if (tensors.ContainsKey("visual.proj"))
        {
            var (width, patch) = (Side("visual.proj", 0, 2), Side("visual.conv1.weight", 3, 4));
            var stem = tensors.ContainsKey("visual.conv2.weight") ? Stem(width) : null;
            Require("visual.conv1.weight", stem?.Channels ?? width, 3, patch, patch);
            var layers = Blocks("visual.transformer");
            RequireBlocks("visual.transformer", layers, width);
            Require("visual.proj", width, embedding);
            if (stem is not null)
                patch *= ConvolutionalStem.SecondStride;
            var grid = Grid("visual.positional_embedding", width);
            return new(embedding, grid * patch, [layers], width, patch, context, vocabulary, textWidth, textLayers) { Stem = stem };
        }

        var resNetWidth = Side("visual.conv3.weight", 0, 4);
        int[] bottlenecks = [.. Enumerable.Range(1, 4).Select(layer => Count($"visual.layer{layer}.", ".conv2.weight"))];
        for (var layer = 0; layer < 4; layer++)
            for (var block = 0; block < bottlenecks[layer]; block++)
                Require($"visual.layer{layer + 1}.{block}.conv2.weight", resNetWidth << layer, resNetWidth << layer, 3, 3);
        var channels = resNetWidth * ClipShape.ResNetFactor;
        Require("visual.attnpool.q_proj.weight", channels, channels);
        Require("visual.attnpool.c_proj.weight", embedding, channels);
        var side = Grid("visual.attnpool.positional_embedding", channels);
        return new(embedding, side * ClipShape.ResNetFactor, bottlenecks, resNetWidth, null, context, vocabulary, textWidth, textLayers);

        TensorData Tensor(string name) =>
            tensors.TryGetValue(name, out var tensor)
                ? tensor
                : throw new CheckpointException(path, $"it is not a complete CLIP: '{name}' is missing.");

        int Side(string name, int axis, int axes) => Tensor(name).Shape is var shape && shape.Count == axes && shape[axis] is > 0 and <= int.MaxValue
            ? (int)shape[axis]
            : throw Misfit(name, $"{axes} sides");

        void Require(string name, params int[] expected)
        {
            if (!Tensor(name).Shape.SequenceEqual(expected.Select(side => (long)side)))
                throw Misfit(name, $"[{string.Join(", ", expected)}]");
        }

        CheckpointException Misfit(string name, string expected) =>
            new(path, $"'{name}' has the shape [{string.Join(", ", Tensor(name).Shape)}], but {expected} are expected.");

        int Count(string prefix, string suffix) =>
            tensors.Keys.Count(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal));

        int Blocks(string transformer) => Count($"{transformer}.resblocks.", ".attn.in_proj_weight");

        void RequireBlocks(string transformer, int layers, int width)
        {
            for (var layer = 0; layer < layers; layer++)
                Require($"{transformer}.resblocks.{layer}.attn.in_proj_weight", 3 * width, width);
        }

        ConvolutionalStem Stem(int width)
        {
            var stem = new ConvolutionalStem(Side("visual.conv1.weight", 0, 4), Count("visual.layer1.", ".conv2.weight"));
            Require("visual.conv2.weight", width, stem.Channels, 3, 3);
            for (var block = 0; block < stem.Blocks; block++)
                Require($"visual.layer1.{block}.conv2.weight", width, width, 3, 3);
            return stem;
        }

        int Grid(string name, int width)
        {
            var positions = Side(name, 0, 2) - 1;
            var grid = (int)Math.Round(Math.Sqrt(positions));
            return grid > 0 && grid * grid == positions && Tensor(name).Shape[1] == width
                ? grid
                : throw Misfit(name, $"[1 + a square number, {width}]");
        }
    }
}
