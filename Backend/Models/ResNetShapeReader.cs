using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

namespace Dashboard.Backend.Models;

/// <summary>Depth, width and kind of blocks of a ResNet from the names and shapes of its tensors.</summary>
public static partial class ResNetShapeReader
{
    /// <param name="path">A checkpoint of any kind that <see cref="ResNetNames"/> knows.</param>
    /// <exception cref="CheckpointException">Damaged, no ResNet, or one of another kind: names the key.</exception>
    public static ResNetShape Read(string path)
    {
        using var file = CheckpointFile.Open(path);
        return Read(file.Path, ResNetNames.Rename(file));
    }

    /// <param name="tensors">Under torchvision's names.</param>
    /// <inheritdoc cref="Read(string)"/>
    internal static ResNetShape Read(string path, IReadOnlyDictionary<string, TensorData> tensors)
    {
        var stem = Shape("conv1.weight");
        if (stem is not [> 0 and <= int.MaxValue / 32, 3, 7, 7])
            throw Misfit("conv1.weight", "[channels, 3, 7, 7]");
        var width = (int)stem[0];
        var block = tensors.ContainsKey("layer1.0.conv3.weight") ? ResNetBlock.Bottleneck : ResNetBlock.Basic;
        var shape = new ResNetShape(width, [.. Enumerable.Range(1, 4).Select(Blocks)], block);
        // Of wider and grouped kinds these differ. That every other tensor fits is for the loader to see.
        for (var layer = 1; layer <= 4; layer++)
        {
            var (name, inner) = ($"layer{layer}.0.conv2.weight", (long)width << (layer - 1));
            if (!Shape(name).SequenceEqual([inner, inner, 3, 3]))
                throw Misfit(name, $"[{inner}, {inner}, 3, 3], as in a plain ResNet of {width} channels; wide ones and ResNeXt are not known here");
        }

        return shape;

        IReadOnlyList<long> Shape(string name) => tensors.TryGetValue(name, out var tensor)
            ? tensor.Shape
            : throw new CheckpointException(path,
                $"it is not a complete ResNet: '{name}' is missing. {CheckpointFile.Describe(tensors.Keys)} Give a ResNet-18, 34, 50 or 101 of "
                + "torchvision's, or one of that kind.");

        CheckpointException Misfit(string name, string expected) =>
            new(path, $"'{name}' has the shape [{string.Join(", ", Shape(name))}] instead of {expected}.");

        int Blocks(int layer)
        {
            var indices = tensors.Keys.Select(key =>
                Position().Match(key)).Where(match => match.Success && match.Groups["layer"].ValueSpan[0] - '0' == layer)
                .Select(match => int.Parse(match.Groups["block"].ValueSpan, CultureInfo.InvariantCulture)).Distinct().Order().ToList();
            for (var expected = 0; expected < indices.Count || expected == 0; expected++)
                Shape($"layer{layer}.{expected}.conv1.weight");
            return indices.Count;
        }
    }

    [GeneratedRegex(@"^layer(?<layer>[1-4])\.(?<block>\d{1,6})\.")]
    private static partial Regex Position();
}
