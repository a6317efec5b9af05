using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Models.Bert;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Models.Vit;

namespace Dashboard.Backend.Training;

/// <summary>The sizes of a SimSeg model from its tensors' shapes.</summary>
public static class SimSegShapeReader
{
    /// <param name="tensors">Under our names: <see cref="SimSegNames"/>.</param>
    /// <exception cref="CheckpointException">A tensor is missing, or its shape does not fit the others': names it. So nothing larger than the file is ever built.</exception>
    public static SimSegShape Read(string path, IReadOnlyDictionary<string, TensorData> tensors)
    {
        const string image = "image_encoder", text = "text_encoder", words = $"{text}.embeddings";
        var embedding = Side("image_projection.linear.weight", 0, 2);

        var (width, patch) = (Side($"{image}.patch_embed.proj.weight", 0, 4), Side($"{image}.patch_embed.proj.weight", 3, 4));
        var positions = Side($"{image}.pos_embed", 1, 3) - 1;
        var grid = (int)Math.Round(Math.Sqrt(positions));
        if (grid < 1 || grid * grid != positions)
            throw Misfit($"{image}.pos_embed", $"[1, 1 + a square number, {width}]");
        var vit = new VitShape(width, Count($"{image}.blocks.", ".attn.qkv.weight"), patch, grid) { HiddenWidth = Side($"{image}.blocks.0.mlp.fc1.weight", 0, 2) };
        Require($"{image}.patch_embed.proj.weight", width, 3, patch, patch);
        Require($"{image}.pos_embed", 1, 1 + positions, width);
        Require("image_projection.linear.weight", embedding, width);
        for (var block = 0; block < vit.Layers; block++)
        {
            Require($"{image}.blocks.{block}.attn.qkv.weight", 3 * width, width);
            Require($"{image}.blocks.{block}.mlp.fc1.weight", vit.HiddenWidth, width);
        }

        var (vocabulary, textWidth) = (Side($"{words}.word_embeddings.weight", 0, 2), Side($"{words}.word_embeddings.weight", 1, 2));
        var bert = new BertShape(
            vocabulary, textWidth, Count($"{text}.encoder.layer.", ".attention.self.query.weight"),
            Side($"{words}.position_embeddings.weight", 0, 2), Side($"{words}.token_type_embeddings.weight", 0, 2))
        {
            HiddenWidth = Side($"{text}.encoder.layer.0.intermediate.dense.weight", 0, 2),
        };
        Require($"{words}.position_embeddings.weight", bert.Positions, textWidth);
        Require($"{words}.token_type_embeddings.weight", bert.TokenTypes, textWidth);
        Require("text_projection.linear.weight", embedding, textWidth);
        if (bert.Positions < SimSegShape.ContextLength)
            throw Misfit($"{words}.position_embeddings.weight", $"at least {SimSegShape.ContextLength} positions");
        for (var layer = 0; layer < bert.Layers; layer++)
        {
            Require($"{text}.encoder.layer.{layer}.attention.self.query.weight", textWidth, textWidth);
            Require($"{text}.encoder.layer.{layer}.intermediate.dense.weight", bert.HiddenWidth, textWidth);
        }

        return new(vit, bert, embedding);

        TensorData Tensor(string name) => tensors.TryGetValue(name, out var tensor)
            ? tensor
            : throw new CheckpointException(path, $"it holds no whole SimSeg: '{name}' is missing. Give the authors' simseg.vit-s.pth or simseg.vit-b.pth, or a model trained here.");

        int Side(string name, int axis, int axes) => Tensor(name).Shape is var shape && shape.Count == axes && shape[axis] is > 0 and <= int.MaxValue
            ? (int)shape[axis]
            : throw Misfit(name, $"{axes} sides");

        int Count(string prefix, string suffix) => tensors.Keys.Count(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal));

        void Require(string name, params int[] expected)
        {
            if (!Tensor(name).Shape.SequenceEqual(expected.Select(side => (long)side)))
                throw Misfit(name, $"[{string.Join(", ", expected)}]");
        }

        CheckpointException Misfit(string name, string expected) => new(path, $"'{name}' has the shape [{string.Join(", ", Tensor(name).Shape)}], {expected} are expected.");
    }
}
