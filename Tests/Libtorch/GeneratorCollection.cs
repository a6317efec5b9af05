namespace Dashboard.Tests.Libtorch;

/// <summary>Tests that draw from libtorch's generator, which the whole process shares: one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class GeneratorCollection
{
    public const string Name = "libtorch's generator";
}
