using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Holds what was made while it was the innermost scope of its thread, and disposes it at its own end.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private HashSet<IDisposable> _disposables = new(ReferenceEqualityComparer.Instance);

    public DisposeScope(DisposeScopeManager disposeScopeManager)
    {
        _manager = disposeScopeManager;
        OuterScope = disposeScopeManager.Current;
    }

    internal DisposeScope? OuterScope { get; }

    internal ThreadDisposeScopeStatistics Statistics => _manager.StatisticsInstance;

    public IReadOnlyList<IDisposable> DisposablesView => [.. _disposables];

    public int DisposablesCount => _disposables.Count;

    public bool Contains(IDisposable disposable) => _disposables.Contains(disposable);

    public T Include<T>(T disposable) where T : IDisposable
    {
        _disposables.Add(disposable);
        if (disposable is Tensor tensor) tensor.OwningDisposeScope = this;
        return disposable;
    }

    public void Attach(IDisposable disposable) => Hand(disposable, this);

    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        Move(disposable, OuterScope);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        Move(first, OuterScope);
        Move(second, OuterScope);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        Move(first, OuterScope);
        Move(second, OuterScope);
        Move(third, OuterScope);
        return (first, second, third);
    }

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        Move(disposable, scope);
        return disposable;
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) Move(disposable, scope);
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        DetachOne(disposable);
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DetachOne(first);
        DetachOne(second);
        return (first, second);
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables) DetachOne(disposable);
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var old = _disposables;
        _disposables = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in old)
        {
            if (_disposables.Contains(disposable)) continue;
            Statistics.DisposedInScopeCount++;
            if (disposable is Tensor tensor) tensor.DisposeByScope();
            else disposable.Dispose();
        }
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    /// <summary>Tells the scope that something in it was disposed by hand.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        _disposables.Remove(disposable);
        Statistics.DisposedInScopeCount++;
        if (disposable is Tensor tensor) tensor.OwningDisposeScope = null;
    }

    public void Dispose()
    {
        DisposeEverything();
        _manager.Remove(this);
    }

    private void Move(IDisposable disposable, DisposeScope? scope)
    {
        if (_disposables.Remove(disposable)) Hand(disposable, scope);
    }

    private void Hand(IDisposable disposable, DisposeScope? scope)
    {
        if (scope is null) Statistics.DetachedFromScopeCount++;
        else scope._disposables.Add(disposable);
        if (disposable is Tensor tensor) tensor.OwningDisposeScope = scope;
    }

    private void DetachOne(IDisposable disposable)
    {
        if (!_disposables.Remove(disposable)) return;
        Statistics.DetachedFromScopeCount++;
        if (disposable is Tensor tensor) tensor.OwningDisposeScope = null;
    }
}
