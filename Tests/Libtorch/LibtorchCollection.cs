namespace Dashboard.Tests.Libtorch;

/// <summary>
/// Tests that use libtorch in this process, one at a time: its generator, its thread count and the number of live tensors belong to the process.
/// All others run beside them. <see cref="Architecture.LibtorchUseTests"/> holds that none is missing.
/// </summary>
[CollectionDefinition(Name)]
public sealed class LibtorchCollection
{
    public const string Name = "libtorch";
}
