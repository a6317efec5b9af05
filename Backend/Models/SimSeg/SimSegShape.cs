using Dashboard.Backend.Models.Bert;
using Dashboard.Backend.Models.Vit;

namespace Dashboard.Backend.Models.SimSeg;

/// <summary>Sizes of a <see cref="SimSegModel"/>.</summary>
/// <param name="EmbeddingSize">Of the common space: 512.</param>
public sealed record SimSegShape(VitShape Image, BertShape Text, int EmbeddingSize)
{
    /// <summary>Tokens of a text, [CLS] and [SEP] included.</summary>
    public const int ContextLength = 25;

    /// <summary>Side of the images that the published models are evaluated with, in pixels.</summary>
    public const int EvaluationResolution = 288;

    /// <summary>For people: "ViT, patch 16, and BERT".</summary>
    public string Towers => $"ViT, patch {Image.PatchSize}, and BERT";
}
