using Dashboard.Domain.Methods;
using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

internal static class TensorThreads
{
    /// <summary>Sets the threads of every tensor operation of this process.</summary>
    public static void Use(NetworkOptions options) => set_num_threads(options.TensorThreads > 0 ? options.TensorThreads : Environment.ProcessorCount);
}
