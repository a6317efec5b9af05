using Dashboard.Backend.Datasets.Loading;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>What an image shows, before it is drawn.</summary>
/// <param name="Objects">Classes, 0-based, in painting order: the second may cover the first.</param>
/// <param name="Stuff">The stuff of class k, or <see cref="WorldClasses.NoStuff"/>.</param>
/// <param name="ScaleMin">Half size of an object, as a share of the image's side: from here ...</param>
/// <param name="ScaleMax">... to here.</param>
/// <param name="Shift">Further uniform shift of an object's centre, as a share of the image's side.</param>
internal sealed record Scene(IReadOnlyList<int> Objects, int Stuff, float ScaleMin, float ScaleMax, float Shift = 0)
{
    /// <summary>
    /// A scene of the closed-world set for weak supervision: one object, or two for a quarter of the images, on its own stuff so often (88 %) that
    /// image tags alone cannot tell the two apart.
    /// </summary>
    public static Scene Weak(RandomStream random)
    {
        var first = random.Integer(WorldClasses.Count);
        int[] objects = random.Chance(0.25) ? [first, Other(first, random)] : [first];
        var stuff = random.Chance(0.88) ? first : random.Integer(WorldClasses.Count);
        return new(objects, stuff, 0.36f, 0.50f);
    }

    /// <summary>
    /// A scene of the open-world corpus of image-caption pairs, where stuff is also seen without its object and objects without their stuff:
    /// 25 % in own stuff, 24 % in random stuff, 14 % isolated, 12 % stuff only, 10 % two objects, 15 % close-ups.
    /// </summary>
    public static Scene Web(RandomStream random)
    {
        var draw = random.Uniform();
        var first = random.Integer(WorldClasses.Count);
        return draw switch
        {
            < 0.25f => new([first], first, 0.24f, 0.50f),
            < 0.49f => new([first], random.Integer(WorldClasses.Count), 0.24f, 0.50f),
            < 0.63f => new([first], WorldClasses.NoStuff, 0.24f, 0.50f),
            < 0.75f => new([], first, 0.24f, 0.50f),
            < 0.85f => new([first, Other(first, random)], random.Chance(0.7) ? first : random.Integer(WorldClasses.Count), 0.24f, 0.50f),
            _ => new([first], random.Chance(0.5) ? first : random.Integer(WorldClasses.NoStuff, WorldClasses.Count - 1), 0.60f, 1.0f, Shift: 0.40f),
        };
    }

    private static int Other(int first, RandomStream random)
    {
        var other = random.Integer(WorldClasses.Count - 1);
        return other >= first ? other + 1 : other;
    }
}
