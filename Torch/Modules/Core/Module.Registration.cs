using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Adds a tensor that is state but not trained, such as a running mean. The module frees it from now on.</summary>
            /// <param name="persistent">Whether it is part of <see cref="state_dict"/>.</param>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (!_registeredBuffers.TryAdd(name, tensor))
                    throw new InvalidOperationException($"Buffer {name} is already registered.");
                tensor.DetachFromDisposeScope();
                if (!persistent)
                    _nonPersistentBuffers.Add(name);
            }

            /// <summary>Adds a parameter. The module frees it from now on.</summary>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (!_registeredParameters.TryAdd(name, param))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                param.DetachFromDisposeScope();
            }

            /// <summary>Adds a child module under a name without dots; null removes the child of that name.</summary>
            /// <exception cref="ArgumentException">The name is empty or has a dot.</exception>
            /// <exception cref="InvalidOperationException">The name is taken.</exception>
            public virtual void register_module(string name, Module? submodule)
            {
                if (submodule is null)
                {
                    _registeredModules.Remove(name);
                    return;
                }

                if (string.IsNullOrEmpty(name) || name.Contains('.'))
                    throw new ArgumentException($"A module's name must not be empty nor contain a dot, got \"{name}\".", nameof(name));
                if (_registeredModules.ContainsKey(name))
                    throw new InvalidOperationException($"Module {name} is already registered.");
                submodule.RegisterComponents();
                _registeredModules.Add(name, submodule);
            }

            /// <summary>The same as <see cref="register_module"/>.</summary>
            public void add_module(string name, Module? module) => register_module(name, module);

            /// <summary>Registers, replaces or (null) removes a parameter; the one before is freed.</summary>
            protected void ConditionallyRegisterParameter(string name, Tensor? value)
                => Replace(_registeredParameters, name, value is null ? null : value as Parameter ?? new Parameter(value));

            /// <summary>Registers, replaces or (null) removes a buffer; the one before is freed.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value) => Replace(_registeredBuffers, name, value);

            private static void Replace<T>(OrderedDictionary<string, T> registered, string name, T? value) where T : Tensor
            {
                if (registered.TryGetValue(name, out var before) && !ReferenceEquals(before, value))
                    before.Dispose();
                if (value is null)
                {
                    registered.Remove(name);
                    return;
                }

                value.DetachFromDisposeScope();
                registered[name] = value;
            }
        }
    }
}
