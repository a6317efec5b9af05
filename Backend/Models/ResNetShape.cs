using Dashboard.Domain.Methods.Seeds;


namespace Dashboard.Backend.Models;

/// <summary>What the layers of a <see cref="ResNet"/> are made of.</summary>
public enum ResNetBlock
{
    /// <summary>Two 3x3 convolutions: ResNet-18, ResNet-34.</summary>
    Basic,

    /// <summary>1x1, 3x3, 1x1: ResNet-50 and deeper.</summary>
    Bottleneck,
}

/// <summary>Depth and width of a <see cref="ResNet"/>. Two are equal that describe the same network.</summary>
/// <param name="Width">Channels of the stem; those of layer i are 2^(i-1) times as many, four times more where it is made of bottlenecks.</param>
/// <param name="Blocks">In each of the four layers.</param>
public sealed record ResNetShape(int Width, IReadOnlyList<int> Blocks, ResNetBlock Block = ResNetBlock.Bottleneck)
{
    private const int PublishedWidth = 64;

    public static ResNetShape ResNet18 { get; } = new(PublishedWidth, [2, 2, 2, 2], ResNetBlock.Basic);
    public static ResNetShape ResNet34 { get; } = new(PublishedWidth, [3, 4, 6, 3], ResNetBlock.Basic);
    public static ResNetShape ResNet50 { get; } = new(PublishedWidth, [3, 4, 6, 3]);
    public static ResNetShape ResNet101 { get; } = new(PublishedWidth, [3, 4, 23, 3]);

    /// <summary>The same topology at a fraction of the cost, for the built-in data set.</summary>
    public static ResNetShape Small { get; } = new(16, [1, 1, 1, 1]);

    /// <summary>How many times as many channels as its width a layer gives.</summary>
    public int Expansion => Block == ResNetBlock.Bottleneck ? Bottleneck.Expansion : 1;

    /// <param name="fromWeights">The shape of the weights that the network starts from.</param>
    public static ResNetShape Of(CamNetwork network, Func<ResNetShape> fromWeights) => network switch
    {
        CamNetwork.ResNet18 => ResNet18,
        CamNetwork.ResNet34 => ResNet34,
        CamNetwork.ResNet50 => ResNet50,
        CamNetwork.ResNet101 => ResNet101,
        CamNetwork.ResNetSmall => Small,
        _ => fromWeights(),
    };

    public bool Equals(ResNetShape? other) => other is not null && Width == other.Width && Block == other.Block && Blocks.SequenceEqual(other.Blocks);

    public override int GetHashCode() => HashCode.Combine(Width, Block, Blocks.Sum());

    /// <summary>For people: "a ResNet with basic blocks [2, 2, 2, 2] and 64 channels in its stem".</summary>
    public override string ToString() =>
        $"a ResNet with {(Block == ResNetBlock.Basic ? "basic blocks" : "bottlenecks")} [{string.Join(", ", Blocks)}] and {Width} channels in its "
        + "stem";
}
