namespace Dashboard.Backend.Pickle;

/// <summary>A pickled dict: its entries in their order; of two with the same key Python keeps the later one.</summary>
internal class PickleDict : List<KeyValuePair<object?, object?>>;

/// <summary>A function or class that a pickle may name. Naming it runs nothing.</summary>
/// <param name="Name">With its module: <c>collections.OrderedDict</c>.</param>
/// <param name="Construct">What a call of it stands for; null where it does not take these arguments. Without it, it may be named but not called.</param>
internal record PickleGlobal(string Name, Func<object?[], object?>? Construct = null);

/// <summary>A constructed object that is given its state afterwards.</summary>
internal interface IPickledObject
{
    /// <exception cref="PickleException">The state of something else.</exception>
    void SetState(object? state);
}

/// <summary>All that one kind of file may name beside plain values.</summary>
/// <param name="Globals">By name.</param>
/// <param name="Refusal">Why any other name is refused, and the remedy: follows "NAME, which is refused: ".</param>
/// <param name="PersistentLoad">What a persistent id stands for; without it, ids are refused.</param>
/// <param name="Classes">The family of classes that the file itself defines: what one of them stands for, null for any other name.</param>
internal sealed record PickleVocabulary(
    IReadOnlyDictionary<string, PickleGlobal> Globals, string Refusal, Func<object?, object>? PersistentLoad = null, Func<string, PickleGlobal?>? Classes = null)
{
    /// <summary>What a name stands for; null if it is to be refused.</summary>
    public PickleGlobal? Find(string name) => Globals.TryGetValue(name, out var known) ? known : Classes?.Invoke(name);
}

/// <summary>What a pickle has that it may not have, as a phrase: <see cref="PickleReader"/> adds the place.</summary>
internal sealed class PickleException(string what) : Exception(what);
