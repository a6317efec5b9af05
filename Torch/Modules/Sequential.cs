using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A chain of modules, each fed with the last one's output. Without names they are called "0", "1", ...</summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<nn.Module<Tensor, Tensor>> _chain = [];

    internal Sequential(IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> modules) : base(nameof(Sequential))
    {
        foreach (var (name, module) in modules)
            append(name, module);
    }

    internal Sequential(IEnumerable<nn.Module<Tensor, Tensor>> modules) : this(modules.Select((module, i) => (i.ToString(), module))) { }

    public int Count => _chain.Count;

    public nn.Module<Tensor, Tensor> this[int index] => _chain[index];

    public Sequential append(string name, nn.Module<Tensor, Tensor> module)
    {
        register_module(name, module);
        _chain.Add(module);
        return this;
    }

    public Sequential append(nn.Module<Tensor, Tensor> module) => append(_chain.Count.ToString(), module);

    /// <summary>What lies between two modules is disposed at once, so that inference needs no more memory than its widest layer.</summary>
    public override Tensor forward(Tensor input)
    {
        if (_chain.Count == 0)
            return Interop.Boxed.Call("aten::alias", input);
        var x = input;
        foreach (var module in _chain)
        {
            var next = module.call(x);
            if (!ReferenceEquals(x, input) && !ReferenceEquals(x, next))
                x.Dispose();
            x = next;
        }

        return x;
    }

    /// <summary>The chain is registered as it grows.</summary>
    protected override void RegisterComponents() { }
}
