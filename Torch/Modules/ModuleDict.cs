using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules under names of their own, in the order in which they were added. It has no forward pass of its own.</summary>
public class ModuleDict<T> : nn.Module, IEnumerable<(string, T)> where T : nn.Module
{
    private readonly OrderedDictionary<string, T> _modules = [];

    internal ModuleDict(IEnumerable<(string Name, T Module)> modules) : base("ModuleDict")
    {
        foreach (var (name, module) in modules)
            Add(name, module);
    }

    public int Count => _modules.Count;

    public IEnumerable<string> Keys => _modules.Keys;

    public IEnumerable<T> Values => _modules.Values;

    public T this[string key] => _modules[key];

    public bool ContainsKey(string key) => _modules.ContainsKey(key);

    public void Add(string key, T value)
    {
        register_module(key, value);
        _modules.Add(key, value);
    }

    public IEnumerator<(string, T)> GetEnumerator() => _modules.Select(entry => (entry.Key, entry.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The dictionary is registered as it grows.</summary>
    protected override void RegisterComponents() { }
}
