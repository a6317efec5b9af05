using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Zero-shot masks of one image, with everything on the way to them, for people to look at and recompose.</summary>
/// <param name="Scores">a_c, the cosine of the image and each class, one a row of <see cref="ClassTexts"/>.</param>
/// <param name="Seen">Of the image as the model saw it.</param>
/// <param name="GridWidth">Patches in a row.</param>
/// <param name="Similarities">Cosines of every class and patch, <c>[C, GridHeight, GridWidth]</c>.</param>
/// <param name="Responses">Of the candidates, in the selection's order; without those below the threshold unless they were asked for.</param>
/// <param name="Labels">The composition at the image's own size.</param>
public sealed record ZeroShotSegmentation(
    IReadOnlyList<float> Scores, ClassSelection Selection, ImageSize Seen, int GridWidth, int GridHeight, float[] Similarities,
    IReadOnlyList<ClassResponse> Responses, LabelMap Labels)
{
    /// <summary>The responses' maps at the image's own size; each pixel takes its nearest, as the labels do.</summary>
    public SoftCam SoftMaps(ImageSize size)
    {
        var maps = new float[Responses.Count * size.Width * size.Height];
        var at = 0;
        foreach (var response in Responses)
            for (var y = 0; y < size.Height; y++)
                for (var x = 0; x < size.Width; x++)
                    maps[at++] = response.Map[(int)((long)y * Seen.Height / size.Height * Seen.Width) + (int)((long)x * Seen.Width / size.Width)];
        return new(size.Width, size.Height, [.. Responses.Select(response => response.Label - 1)], maps);
    }
}

/// <summary>What one class makes of an image, at the resolution that the model saw.</summary>
/// <param name="Row">Of <see cref="ClassTexts"/>.</param>
/// <param name="Label">k+1 for class k.</param>
/// <param name="Map">m: the similarity brought to 0..1, <c>[height, width]</c>.</param>
/// <param name="Raw">1 where the class is before closing, otherwise 0: after the CRF, or above 0.5; <c>[height, width]</c>.</param>
/// <param name="Mask"><paramref name="Raw"/> after closing.</param>
public sealed record ClassResponse(int Row, int Label, float Score, float[] Map, byte[] Raw, byte[] Mask);
