using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Models;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Backend.Pretrained;

/// <summary>
/// How a CLIP was trained, as far as it has to be asked the same way and its tensors do not tell. Stands in the metadata of a checkpoint of ours;
/// published models have the default.
/// </summary>
/// <param name="Pooling">How patches and words become one feature.</param>
/// <param name="Normalisation">What pixels are normalised by.</param>
public sealed record ClipRecipe(FeaturePooling Pooling, PixelNormalisation Normalisation)
{
    private const string PoolingKey = "pooling";
    private const string ImageKKey = "image_k";
    private const string TextKKey = "text_k";
    private const string MaskPaddingKey = "mask_padding";
    private const string NormalisationKey = "normalisation";

    public static ClipRecipe Published { get; } = new(new FeaturePooling(PoolingKind.Global), PixelNormalisation.Clip);

    /// <exception cref="CheckpointException">The metadata names something unknown.</exception>
    public static ClipRecipe Of(CheckpointFile file) => Of(file, Published);

    /// <param name="published">What holds where the metadata say nothing.</param>
    /// <inheritdoc cref="Of(CheckpointFile)"/>
    internal static ClipRecipe Of(CheckpointFile file, ClipRecipe published) => new(
        new FeaturePooling(
            Value(file, PoolingKey, published.Pooling.Kind),
            Number(file, ImageKKey, published.Pooling.ImageK),
            Number(file, TextKKey, published.Pooling.TextK),
            !file.Metadata.TryGetValue(MaskPaddingKey, out var mask) || mask != "false"),
        Value(file, NormalisationKey, published.Normalisation));

    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>
    {
        [PoolingKey] = Name(Pooling.Kind),
        [ImageKKey] = Pooling.ImageK.ToString(CultureInfo.InvariantCulture),
        [TextKKey] = Pooling.TextK.ToString(CultureInfo.InvariantCulture),
        [MaskPaddingKey] = Pooling.MaskPadding ? "true" : "false",
        [NormalisationKey] = Name(Normalisation),
    };

    private static string Name(Enum value) => JsonNamingPolicy.CamelCase.ConvertName($"{value}");

    private static T Value<T>(CheckpointFile file, string key, T otherwise) where T : struct, Enum =>
        !file.Metadata.TryGetValue(key, out var text) ? otherwise
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw new CheckpointException(file.Path,
            $"its metadata has {key} '{text}'; known are {string.Join(", ", Enum.GetValues<T>().Select(known => Name(known)))}.");

    internal static int Number(CheckpointFile file, string key, int otherwise, int most = int.MaxValue) =>
        !file.Metadata.TryGetValue(key, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number
        : throw new CheckpointException(file.Path,
            $"its metadata has {key} '{text}', which is not a number of at least 1{(most < int.MaxValue ? $" and at most {most}" : "")}.");
}
