namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module that calls functions of the user before and after each forward pass.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly OrderedDictionary<object, TPreHook> _preHooks = [];
            private readonly OrderedDictionary<object, TPostHook> _postHooks = [];

            protected HookableModule(string name) : base(name) { }

            private protected IEnumerable<TPreHook> PreHooks => _preHooks.Values;

            private protected IEnumerable<TPostHook> PostHooks => _postHooks.Values;

            /// <summary>After each forward pass calls <paramref name="hook"/>, which may return another result.</summary>
            public HookRemover register_forward_hook(TPostHook hook)
            {
                var key = new object();
                _postHooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            /// <summary>Before each forward pass calls <paramref name="hook"/>, which may return other inputs.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook)
            {
                var key = new object();
                _preHooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> _module;
                private readonly object _key;

                internal HookRemover(HookableModule<TPreHook, TPostHook> module, object key) => (_module, _key) = (module, key);

                public void remove()
                {
                    _module._preHooks.Remove(_key);
                    _module._postHooks.Remove(_key);
                }
            }
        }
    }
}
