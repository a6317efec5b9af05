namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public interface IModule<T, TResult>
        {
            TResult call(T input1);
        }

        public interface IModule<T1, T2, TResult>
        {
            TResult call(T1 input1, T2 input2);
        }

        public interface IModule<T1, T2, T3, TResult>
        {
            TResult call(T1 input1, T2 input2, T3 input3);
        }

        /// <summary>A module of one input. Derived classes write <see cref="forward"/>; users call <see cref="call"/>, which runs the hooks as well.</summary>
        public abstract class Module<T, TResult>
            : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T input);

            public TResult call(T input)
            {
                foreach (var hook in PreHooks)
                    if (hook(this, input) is { } modified)
                        input = modified;
                var result = forward(input);
                foreach (var hook in PostHooks)
                    if (hook(this, input, result) is { } modified)
                        result = modified;
                return result;
            }
        }

        /// <summary>A module of two inputs.</summary>
        public abstract class Module<T1, T2, TResult>
            : HookableModule<Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?>, Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>>, IModule<T1, T2, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2)
            {
                foreach (var hook in PreHooks)
                    if (hook(this, input1, input2) is var (modified1, modified2))
                        (input1, input2) = (modified1, modified2);
                var result = forward(input1, input2);
                foreach (var hook in PostHooks)
                    if (hook(this, input1, input2, result) is { } modified)
                        result = modified;
                return result;
            }
        }

        /// <summary>A module of three inputs.</summary>
        public abstract class Module<T1, T2, T3, TResult>
            : HookableModule<Func<Module<T1, T2, T3, TResult>, T1, T2, T3, (T1, T2, T3)?>, Func<Module<T1, T2, T3, TResult>, T1, T2, T3, TResult, TResult>>, IModule<T1, T2, T3, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            public TResult call(T1 input1, T2 input2, T3 input3)
            {
                foreach (var hook in PreHooks)
                    if (hook(this, input1, input2, input3) is var (modified1, modified2, modified3))
                        (input1, input2, input3) = (modified1, modified2, modified3);
                var result = forward(input1, input2, input3);
                foreach (var hook in PostHooks)
                    if (hook(this, input1, input2, input3, result) is { } modified)
                        result = modified;
                return result;
            }
        }
    }
}
