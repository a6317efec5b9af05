using Dashboard.Domain.Methods.TextImage;


namespace Dashboard.Backend.Models;

/// <summary>How tokens become one feature, in both towers. The defaults are those that SimSeg is evaluated with.</summary>
/// <param name="ImageK">Of LoDA: the patches that a channel counts.</param>
/// <param name="TextK">Of LoDA: the words that a channel counts; the authors train with 5 and evaluate with 1.</param>
/// <param name="MaskPadding">Whether a text's padding is left out. The authors train without.</param>
public sealed record FeaturePooling(PoolingKind Kind, int ImageK = 5, int TextK = 1, bool MaskPadding = true);
