namespace Dashboard.Backend.Models.Bert;

/// <summary>Sizes of a <see cref="BertModel"/>.</summary>
/// <param name="Width">768 in BERT-base.</param>
/// <param name="Positions">The longest text, in tokens: 512.</param>
/// <param name="TokenTypes">Kinds of sentences: 2, of which a single sentence is the first.</param>
public sealed record BertShape(int VocabularySize, int Width, int Layers, int Positions = 512, int TokenTypes = 2)
{
    private const int PublishedHeadSize = 64;

    /// <summary>Every published model has heads of size 64.</summary>
    public int Heads { get; init; } = Math.Max(1, Width / PublishedHeadSize);

    /// <summary>Width of the hidden layer between attentions.</summary>
    public int HiddenWidth { get; init; } = 4 * Width;

    /// <summary>While it trains, of what each layer adds.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>While it trains, of the attention's weights.</summary>
    public double AttentionDropout { get; init; } = 0.1;
}
