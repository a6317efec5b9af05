namespace Dashboard.Backend.Weights.Pickle;

/// <summary>A pickled dict: its entries in their order; of two with the same key Python keeps the later one.</summary>
internal class PickleDict : List<KeyValuePair<object?, object?>>
{
    /// <summary>The value under a key; null where there is none.</summary>
    public object? Find(string key) => this.LastOrDefault(entry => entry.Key is string name && name == key).Value;
}

/// <summary>A function or class that a pickle may name. Naming it runs nothing.</summary>
/// <param name="Name">With its module: <c>collections.OrderedDict</c>.</param>
/// <param name="Construct">What a call of it stands for; null where it does not take these arguments. Without it, it may be named but not
/// called.</param>
internal record PickleGlobal(string Name, Func<object?[], object?>? Construct = null);

/// <summary>A constructed object that is given its state afterwards.</summary>
internal interface IPickledObject
{
    /// <exception cref="PickleException">The state of something else.</exception>
    void SetState(object? state);
}

/// <summary>
/// Stands in the place of an object that is not data, such as argparse.Namespace or a learning rate schedule. It is never built: what the pickle
/// would call it with, put into it or set on it is read over and let go.
/// </summary>
/// <param name="name">Of its class or function, for messages.</param>
internal sealed class PickleOpaque(string name) : IPickledObject
{
    public string Name => name;

    /// <summary>Whether it has a torch.nn.Module's attributes: then its weights are in it, but only code could get them out.</summary>
    public bool IsModule { get; private set; }

    public void SetState(object? state) => IsModule |=
        state is PickleDict attributes && attributes.Find("_modules") is not null && attributes.Find("_parameters") is not null;
}

/// <summary>All that one kind of file may name beside plain values.</summary>
/// <param name="Globals">By name.</param>
/// <param name="Refusal">Why any other name is refused, and what to do: follows "NAME, which is refused: ". Null where what it makes is left out
/// instead.</param>
/// <param name="PersistentLoad">What a persistent id stands for; without it, ids are refused.</param>
/// <param name="Classes">The family of classes that the file itself defines: what one of them stands for, null for any other name.</param>
internal sealed record PickleVocabulary(
    IReadOnlyDictionary<string, PickleGlobal> Globals, string? Refusal, Func<object?, object>? PersistentLoad = null,
    Func<string, PickleGlobal?>? Classes = null)
{
    /// <summary>Whether what is not data is read over, a <see cref="PickleOpaque"/> in its place.</summary>
    public bool LeavesOut => Refusal is null;

    /// <summary>What a name stands for; null if it is to be refused.</summary>
    public PickleGlobal? Find(string name) =>
        Globals.TryGetValue(name, out var known) ? known : Classes?.Invoke(name) ?? (LeavesOut ? new(name, _ => new PickleOpaque(name)) : null);
}

/// <summary>What a pickle has that it may not have, as a phrase: <see cref="PickleReader"/> adds the place.</summary>
internal sealed class PickleException(string what) : Exception(what);
