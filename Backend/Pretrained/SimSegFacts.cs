using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;


namespace Dashboard.Backend.Pretrained;

/// <summary>What the file of a SimSeg model tells: the authors' simseg.vit-s.pth and simseg.vit-b.pth, or one of that kind.</summary>
internal static class SimSegFacts
{
    /// <summary>No CLIP projects tokens by a layer of this name.</summary>
    private const string Projection = "image_projection.linear.weight";

    public static bool Recognises(CheckpointFile file) => SimSegNames.Of(file).Tensors.ContainsKey(Projection);

    /// <exception cref="CheckpointException">Not a whole one: names the keys.</exception>
    public static ModelFacts Of(CheckpointFile file)
    {
        var (shape, tensors, report) = SimSegImport.Of(file);
        return new(
            PretrainedModel.SimSeg, shape.Towers, SimSegRecipe.Of(file, shape.Text.Positions).Resolution, shape.EmbeddingSize,
            shape.Text.VocabularySize, tensors, ModelVocabulary.Bert, report);
    }
}
