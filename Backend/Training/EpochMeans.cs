using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>Means of an epoch's losses, added up on the device.</summary>
internal sealed class EpochMeans : IDisposable
{
    private IReadOnlyList<string> _names = [];
    private Tensor? _sums;
    private int _steps;

    /// <param name="losses">Scalars; the same names at every step.</param>
    public void Add(IReadOnlyList<(string Name, Tensor Value)> losses)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var values = stack([.. losses.Select(loss => loss.Value.detach())]);
        if (_sums is null)
            (_names, _sums) = ([.. losses.Select(loss => loss.Name)], values.DetachFromDisposeScope());
        else
            _sums.add_(values);
        _steps++;
    }

    /// <summary>The means so far, read from the device; starts over.</summary>
    public IReadOnlyDictionary<string, double> Take()
    {
        using var scope = NewDisposeScope();
        var sums = _sums is null ? [] : _sums.to(float32).cpu().data<float>().ToArray();
        var means = _names.Zip(sums).ToDictionary(sum => sum.First, sum => (double)(sum.Second / _steps));
        Dispose();
        return means;
    }

    public void Dispose()
    {
        _sums?.Dispose();
        (_sums, _names, _steps) = (null, [], 0);
    }
}
