using System.Runtime.CompilerServices;
using Dashboard.Backend.Libtorch;

namespace Dashboard.Tests.Libtorch;

/// <summary>Tests use tensors before anything of Backend runs, which otherwise sees to it that libtorch is there.</summary>
internal static class LibtorchOfTheTests
{
    [ModuleInitializer]
    internal static void Prepare() => RuntimeHelpers.RunModuleConstructor(typeof(LoadedLibtorch).Module.ModuleHandle);
}
