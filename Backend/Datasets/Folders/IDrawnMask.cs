using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Folders;

/// <summary>Ground truth that is made of something else than a label map, such as the outlines of COCO's annotations.</summary>
public interface IDrawnMask
{
    /// <summary>What is drawn, for messages: "instances_val2017.json, image 42.jpg".</summary>
    string Name { get; }

    /// <summary>Of the image that it was made for; null where that is not known.</summary>
    /// <exception cref="ImageException">It cannot be read.</exception>
    ImageSize? Size { get; }

    /// <summary>0 background, k+1, 255 ignore. Nothing is kept: it is made again every time.</summary>
    /// <exception cref="ImageException">What it is made of is missing or damaged: names the file and the place in it.</exception>
    LabelMap Draw();
}
