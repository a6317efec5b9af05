using Dashboard.Backend.Weights.Pickle;


namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>A module of a TorchScript archive: its attributes alone, never its code.</summary>
internal sealed class ScriptModule : IPickledObject
{
    /// <summary>Parameters, buffers, submodules and settings; empty until the pickle has come to them.</summary>
    public PickleDict Attributes { get; private set; } = [];

    public void SetState(object? state) => Attributes = state as PickleDict ?? throw new PickleException("a module whose attributes are not a dict");
}
