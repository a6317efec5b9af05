namespace Dashboard.Domain.Datasets;

/// <summary>The 20 foreground classes of PASCAL VOC.</summary>
public static class VocClasses
{
    public static ClassSet All { get; } = new(
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog", "horse", "motorbike", "person",
        "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ]);
}
