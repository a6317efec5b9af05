using System.Globalization;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Backend.Pretrained;

/// <summary>
/// How a SimSeg model is asked, as far as its tensors do not tell. Stands in the metadata of a checkpoint of ours; what says nothing is asked as the
/// authors evaluate theirs.
/// </summary>
/// <param name="Features">Pooling and pixels.</param>
/// <param name="Resolution">Side of the images, in pixels.</param>
/// <param name="ContextLength">Tokens of a text, [CLS] and [SEP] included; what is longer is cut.</param>
public sealed record SimSegRecipe(ClipRecipe Features, int Resolution, int ContextLength)
{
    private const string ResolutionKey = "resolution";
    private const string ContextLengthKey = "context_length";
    private const int LargestResolution = 1024;

    /// <summary>LoDA with k = 5 of the patches and 1 of the words, without padding, at 288 pixels.</summary>
    public static SimSegRecipe Published { get; } = new(
        new ClipRecipe(new FeaturePooling(PoolingKind.Loda, ImageK: 5, TextK: 1, MaskPadding: true), PixelNormalisation.ImageNet),
        SimSegShape.EvaluationResolution,
        SimSegShape.ContextLength);

    /// <param name="positions">Of the text tower: no text can be longer.</param>
    /// <exception cref="CheckpointException">The metadata names something unknown, or what the model cannot do.</exception>
    public static SimSegRecipe Of(CheckpointFile file, int positions) => new(
        ClipRecipe.Of(file, Published.Features),
        ClipRecipe.Number(file, ResolutionKey, Published.Resolution, LargestResolution),
        ClipRecipe.Number(file, ContextLengthKey, Published.ContextLength, positions));

    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>(Features.ToMetadata())
    {
        [ResolutionKey] = Resolution.ToString(CultureInfo.InvariantCulture),
        [ContextLengthKey] = ContextLength.ToString(CultureInfo.InvariantCulture),
    };
}
