using System.Numerics;
using Dashboard.Backend.Weights.Pickle;

namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>Says what is in a pickle, for a reader that looks for something else.</summary>
internal static class PickleContents
{
    private const int Named = 6;
    private const int LongestName = 60;

    /// <summary>"a dict of 'epoch' (a number), 'args' (argparse.Namespace) and 3 more".</summary>
    public static string Describe(object? value) => value is PickleDict { Count: > 0 } dict
        ? $"a dict of {string.Join(", ", dict.Take(Named).Select(entry => $"{Key(entry.Key)} ({Kind(entry.Value)})"))}{(dict.Count > Named ? $" and {dict.Count - Named} more" : "")}"
        : Kind(value);

    private static string Key(object? key) => key switch
    {
        string name => $"'{Short(name)}'",
        long or double or bool or BigInteger => $"{key}",
        _ => Kind(key),
    };

    private static string Kind(object? value) => value switch
    {
        null => "None",
        bool => "a boolean",
        long or double or BigInteger => "a number",
        string => "a text",
        byte[] => "bytes",
        TensorData => "a tensor",
        PickleDict { Count: var count } => count == 0 ? "an empty dict" : $"a dict of {count}",
        List<object?> { Count: var count } => $"a list of {count}",
        object?[] { Length: var count } => $"a tuple of {count}",
        PickleOpaque { Name: var name } => Short(name),
        PickleGlobal { Name: var name } => Short(name),
        _ => "something else",
    };

    private static string Short(string name) => name.Length <= LongestName ? name : $"{name[..LongestName]}...";
}
