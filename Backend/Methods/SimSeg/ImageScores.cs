using Dashboard.Backend.Images;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>An image as the model is to see it.</summary>
/// <param name="Pixels">RGB, a square of the model's resolution.</param>
/// <param name="Planes">The same normalised, <c>[3, side, side]</c>.</param>
/// <param name="Size">Of the image itself.</param>
public sealed record SeenImage(ImageBuffer Pixels, float[] Planes, ImageSize Size);

/// <summary>What the model has said of an image, on the host.</summary>
/// <param name="Scores">a_c, one a row of <see cref="ClassTexts"/>.</param>
/// <param name="Similarities">m_c, <c>[C, GridHeight, GridWidth]</c>.</param>
/// <param name="Rows">Of the classes that masks are made of.</param>
/// <param name="Maps">Their m_c at the resolution that the model saw, <c>[height, width]</c> each.</param>
public sealed record ImageScores(
    SeenImage Seen, IReadOnlyList<float> Scores, ClassSelection Selection, int GridWidth, int GridHeight, float[] Similarities,
    IReadOnlyList<int> Rows, IReadOnlyList<float[]> Maps);
