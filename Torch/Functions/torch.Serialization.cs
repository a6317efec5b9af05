using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Writes one tensor in libtorch's archive format.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The file cannot be written.</exception>
    public static void save(Tensor t, string location) => t.save(location);

    /// <summary>Reads what <see cref="save"/> wrote.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The file is missing or no such archive.</exception>
    public static Tensor load(string location) => Tensor.load(location);

    public partial class Tensor
    {
        public void save(string location)
        {
            Native.Check(Native.dashboard_tensor_save(Handle, location));
            GC.KeepAlive(this);
        }

        public static Tensor load(string location) => new(Native.CheckHandle(Native.dashboard_tensor_load(location)));
    }
}
