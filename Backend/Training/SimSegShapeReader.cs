using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Models.SimSeg;

namespace Dashboard.Backend.Training;

/// <summary>The sizes of a SimSeg model from its tensors' shapes.</summary>
public static class SimSegShapeReader
{
    /// <param name="tensors">Under our names: <see cref="SimSegNames"/>.</param>
    /// <exception cref="CheckpointException">A tensor is missing, or its shape does not fit the others': names it. So nothing larger than the file is ever built.</exception>
    public static SimSegShape Read(string path, IReadOnlyDictionary<string, TensorData> tensors)
    {
        var shapes = new TensorShapes(path, tensors, "SimSeg", "Give the authors' simseg.vit-s.pth or simseg.vit-b.pth, or a model trained here.");
        var embedding = shapes.Side("image_projection.linear.weight", 0, 2);
        var (vit, bert) = (TowerShapes.Vit(shapes, "image_encoder."), TowerShapes.Bert(shapes, "text_encoder."));
        shapes.Require("image_projection.linear.weight", embedding, vit.Width);
        shapes.Require("text_projection.linear.weight", embedding, bert.Width);
        return bert.Positions >= SimSegShape.ContextLength
            ? new(vit, bert, embedding)
            : throw shapes.Misfit("text_encoder.embeddings.position_embeddings.weight", $"at least {SimSegShape.ContextLength} positions");
    }
}
