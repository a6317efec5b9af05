using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers of its own.</summary>
    public class Generator : IDisposable
    {
        internal nint NativeHandle { get; private set; }

        public Device device { get; }

        public Generator(ulong seed = 0, Device? device = null) : this(device ?? CPU, isDefault: false) =>
            Native.Check(Native.dashboard_generator_set_seed(NativeHandle, seed));

        private Generator(Device device, bool isDefault)
        {
            this.device = device;
            NativeHandle = Native.CheckHandle(Native.dashboard_generator_new((int)device.type, device.index, isDefault ? 1 : 0));
        }

        ~Generator() => Dispose(false);

        /// <summary>The one that operators use where none is given; a view, so disposing it does no harm.</summary>
        internal static Generator DefaultOf(Device device) => new(device, isDefault: true);

        public unsafe long initial_seed()
        {
            ulong seed;
            Native.Check(Native.dashboard_generator_seed(NativeHandle, &seed));
            return (long)seed;
        }

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.dashboard_generator_set_seed(NativeHandle, (ulong)seed));
            return this;
        }

        public Tensor get_state() => new(Native.CheckHandle(Native.dashboard_generator_state(NativeHandle)));

        public void set_state(Tensor value)
        {
            Native.Check(Native.dashboard_generator_set_state(NativeHandle, value.Handle));
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (NativeHandle != 0) Native.dashboard_generator_free(NativeHandle);
            NativeHandle = 0;
        }
    }

    public static Generator default_generator => Generator.DefaultOf(CPU);

    /// <summary>Seeds the default generator of every device.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.dashboard_manual_seed((ulong)seed));
        return default_generator;
    }

    public static long initial_seed()
    {
        using var generator = default_generator;
        return generator.initial_seed();
    }

    /// <summary>The state of the default CPU generator, a byte tensor.</summary>
    public static Tensor get_rng_state()
    {
        using var generator = default_generator;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = default_generator;
        generator.set_state(new_state);
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => torch.initial_seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
