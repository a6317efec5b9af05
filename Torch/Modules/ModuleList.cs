using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules in a list; they are called "0", "1", ... It has no forward pass of its own.</summary>
public class ModuleList<T> : nn.Module, IReadOnlyList<T> where T : nn.Module
{
    private readonly List<T> _modules = [];

    internal ModuleList(IEnumerable<T> modules) : base("ModuleList")
    {
        foreach (var module in modules)
            Add(module);
    }

    public int Count => _modules.Count;

    public T this[int index] => _modules[index];

    public void Add(T item)
    {
        register_module(_modules.Count.ToString(), item);
        _modules.Add(item);
    }

    public void append(T module) => Add(module);

    public IEnumerator<T> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The list is registered as it grows.</summary>
    protected override void RegisterComponents() { }
}
