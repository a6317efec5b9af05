namespace Dashboard.Backend.Datasets.Captions;

/// <summary>An image and a sentence that goes with it.</summary>
/// <param name="ImagePath">Absolute.</param>
public sealed record CaptionedImage(string ImagePath, string Caption);
