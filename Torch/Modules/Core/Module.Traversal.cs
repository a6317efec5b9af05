using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The parameters with their dotted names: this module's own first, then each child's. A shared parameter appears once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (name, parameter) in _registeredParameters)
                    if (seen.Add(parameter))
                        yield return (name, parameter);
                if (!recurse)
                    yield break;
                foreach (var (child, module) in _registeredModules)
                    foreach (var (name, parameter) in module.named_parameters())
                        if (seen.Add(parameter))
                            yield return ($"{child}.{name}", parameter);
            }

            /// <summary>The buffers with their dotted names, in the order of <see cref="named_parameters"/>.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (name, buffer) in _registeredBuffers)
                    if ((include_nonpersistent || !_nonPersistentBuffers.Contains(name)) && seen.Add(buffer))
                        yield return (name, buffer);
                if (!recurse)
                    yield break;
                foreach (var (child, module) in _registeredModules)
                    foreach (var (name, buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer))
                            yield return ($"{child}.{name}", buffer);
            }

            /// <summary>The direct children.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children()
                => _registeredModules.Select(child => (child.Key, child.Value));

            /// <summary>All modules below this one with their dotted names: the direct children first, then what is below each.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var (name, module) in _registeredModules)
                    yield return (name, module);
                foreach (var (child, module) in _registeredModules)
                    foreach (var (name, below) in module.named_modules())
                        yield return ($"{child}.{name}", below);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(named => named.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(named => named.buffer);

            public virtual IEnumerable<Module> modules() => named_modules().Select(named => named.module);

            public virtual IEnumerable<Module> children() => named_children().Select(named => named.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>The parameter of that dotted name, or null.</summary>
            public virtual Parameter? get_parameter(string target)
                => _registeredParameters.GetValueOrDefault(target)
                    ?? (ChildOf(target) is var (child, rest) ? child.get_parameter(rest) : null);

            /// <summary>The buffer of that dotted name, or null.</summary>
            public virtual Tensor? get_buffer(string target)
                => _registeredBuffers.GetValueOrDefault(target)
                    ?? (ChildOf(target) is var (child, rest) ? child.get_buffer(rest) : null);

            private (Module Child, string Below)? ChildOf(string target)
                => target.Split('.', 2) is [var first, var rest] && _registeredModules.TryGetValue(first, out var child) ? (child, rest) : null;
        }
    }
}
