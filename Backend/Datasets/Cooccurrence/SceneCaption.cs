using Dashboard.Backend.Datasets.Loading;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>
/// Says in words what a scene shows: synonyms, sometimes the colour, and the stuff in 72 % of the captions of images that have one.
/// </summary>
internal static class SceneCaption
{
    private static readonly string[][] ObjectWords =
    [
        ["train", "locomotive", "tram"], ["boat", "sailboat", "ship"], ["plane", "airplane", "jet"], ["sheep", "lamb", "ram"],
        ["car", "automobile", "sedan"], ["camel", "dromedary"], ["bird", "parrot", "finch"], ["penguin"],
    ];

    private static readonly string[][] StuffWords =
    [
        ["railway", "railroad", "track"], ["water", "sea", "lake", "river"], ["sky", "clouds"], ["grass", "meadow", "pasture"],
        ["road", "street", "highway"], ["sand", "desert", "dunes"], ["forest", "trees", "foliage"], ["snow", "ice"],
    ];

    private static readonly string[] Prepositions = ["on", "on", "in", "on", "on", "on", "in", "on"];

    private static readonly string[] EmptyScenes =
        ["a photo of {stuff}", "an empty {stuff}", "a view of {stuff}", "{stuff}", "a picture of the {stuff}", "{stuff} with nothing on it"];

    private static readonly string[] Objects =
        ["a photo of a {object}", "a picture of a {object}", "a {object}", "{object}", "a close up of a {object}", "an image of the {object}"];

    private static readonly string[] IsolatedObjects = [.. Objects, "a {object} on a plain background", "a studio photo of a {object}"];

    private static readonly string[] ObjectsInStuff =
    [
        "a photo of a {object} {on} the {stuff}", "a {object} {on} {stuff}", "{stuff} with a {object}", "a picture of a {object} near the {stuff}",
        "the {stuff} and a {object}", "a {object} {on} the {stuff} on a sunny day", "a beautiful {stuff} where a {object} stands",
    ];

    /// <param name="colors">The words of the objects' colours, in the scene's order.</param>
    public static string Write(Scene scene, IReadOnlyList<string> colors, RandomStream random)
    {
        var hasStuff = scene.Stuff != WorldClasses.NoStuff;
        var stuff = hasStuff ? random.Pick(StuffWords[scene.Stuff]) : "";
        if (scene.Objects.Count == 0)
            return random.Pick(EmptyScenes).Replace("{stuff}", stuff);

        var namesColors = random.Chance(0.4);
        var nouns = scene.Objects.Select((objectClass, i) => (namesColors ? colors[i] + " " : "") + random.Pick(ObjectWords[objectClass]));
        var objects = string.Join(" and a ", nouns);
        if (!hasStuff)
            return random.Pick(IsolatedObjects).Replace("{object}", objects);
        if (!random.Chance(0.72))
            return random.Pick(Objects).Replace("{object}", objects);
        return random.Pick(ObjectsInStuff).Replace("{object}", objects).Replace("{on}", Prepositions[scene.Stuff]).Replace("{stuff}", stuff);
    }
}
