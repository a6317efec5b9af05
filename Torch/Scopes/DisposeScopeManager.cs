using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread.</summary>
public sealed class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? _ofThread;

    private readonly List<DisposeScope> _scopes = [];

    internal static DisposeScopeManager ThreadSingleton => _ofThread ??= new DisposeScopeManager();

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    internal DisposeScope? Current => _scopes.Count > 0 ? _scopes[^1] : null;

    internal static DisposeScope NewDisposeScope()
    {
        var manager = ThreadSingleton;
        var scope = new DisposeScope(manager);
        manager._scopes.Add(scope);
        return scope;
    }

    /// <summary>Puts a new tensor into the innermost scope of this thread.</summary>
    internal static void Register(Tensor tensor)
    {
        var manager = ThreadSingleton;
        if (manager.Current is { } scope)
        {
            manager.StatisticsInstance.CreatedInScopeCount++;
            scope.Include(tensor);
        }
        else
        {
            manager.StatisticsInstance.CreatedOutsideScopeCount++;
        }
    }

    internal void Remove(DisposeScope scope) => _scopes.Remove(scope);
}

/// <summary>What one thread has made and disposed, in and outside scopes.</summary>
public sealed class ThreadDisposeScopeStatistics
{
    /// <summary>Tensors made outside any scope.</summary>
    public long CreatedOutsideScopeCount { get; internal set; }

    /// <summary>Tensors made outside any scope, or detached from one, that were disposed.</summary>
    public long DisposedOutsideScopeCount { get; internal set; }

    public long CreatedInScopeCount { get; internal set; }

    public long DisposedInScopeCount { get; internal set; }

    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Tensors of this thread that are still alive.</summary>
    public long ThreadTotalLiveCount =>
        CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    public void Reset()
    {
        CreatedOutsideScopeCount = DisposedOutsideScopeCount = 0;
        CreatedInScopeCount = DisposedInScopeCount = DetachedFromScopeCount = 0;
    }
}

public static partial class torch
{
    /// <summary>From here to its Dispose, every tensor that this thread makes belongs to the scope and ends with it.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.NewDisposeScope();

    /// <summary>Runs the expression in a scope of its own; only its result survives, in the outer scope.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
