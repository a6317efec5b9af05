using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A node of a network: it owns parameters, buffers and child modules, each under a name.</summary>
        public partial class Module : IDisposable
        {
            private protected readonly OrderedDictionary<string, Parameter> _registeredParameters = [];
            private protected readonly OrderedDictionary<string, Tensor> _registeredBuffers = [];
            private protected readonly OrderedDictionary<string, Module> _registeredModules = [];
            private readonly HashSet<string> _nonPersistentBuffers = [];
            private bool _componentsRegistered;
            private bool _training = true;

            /// <param name="name">What <see cref="GetName"/> returns: usually the class's name.</param>
            protected Module(string name) => this.name = name;

            protected string name;

            public virtual string GetName() => name;

            /// <summary>Whether the module is in training mode: it matters to dropout and batch normalisation.</summary>
            public virtual bool training => _training;

            /// <summary>Sets training mode on this module and all below it.</summary>
            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var child in _registeredModules.Values)
                    child.train(train);
            }

            /// <summary>Sets evaluation mode on this module and all below it.</summary>
            public virtual void eval() => train(false);

            /// <summary>Calls <paramref name="fn"/> on every module below this one, children before parents, and then on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var child in _registeredModules.Values)
                    child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Drops the gradients of all parameters, or fills them with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                    parameter.ClearGradient(set_to_none);
            }

            /// <summary>
            /// Registers every field that holds a module, a parameter or a tensor (as a buffer) under the field's name.
            /// Call it at the end of the constructor.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsRegistered)
                    return;
                foreach (var field in GetType().GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                {
                    if (IsRegistered(field.Name))
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(field.Name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(field.Name, parameter);
                            break;
                        case Tensor buffer:
                            register_buffer(field.Name, buffer);
                            break;
                    }
                }

                _componentsRegistered = true;
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Frees the parameters and buffers of this module and of all below it.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var parameter in _registeredParameters.Values)
                    parameter.Dispose();
                foreach (var buffer in _registeredBuffers.Values)
                    buffer.Dispose();
                foreach (var module in _registeredModules.Values)
                    module.Dispose();
            }

            private bool IsRegistered(string name)
                => _registeredModules.ContainsKey(name) || _registeredParameters.ContainsKey(name) || _registeredBuffers.ContainsKey(name);
        }
    }
}
