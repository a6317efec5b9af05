using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>What there is in the world: eight classes, each with the stuff it co-occurs with. The stuff of class k stands at index k.</summary>
public static class WorldClasses
{
    public const int Count = 8;

    /// <summary>No stuff: an object on a plain backdrop.</summary>
    public const int NoStuff = -1;

    public static ClassSet Objects { get; } = new(["train", "boat", "plane", "sheep", "car", "camel", "bird", "penguin"]);

    public static IReadOnlyList<string> Stuff { get; } = ["railway", "water", "sky", "grass", "road", "sand", "forest", "snow"];
}
