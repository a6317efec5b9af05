using System.Runtime.InteropServices;

namespace Dashboard.Backend.Execution.Workers;

/// <summary>Turns the signals that end a process into a token, so that it ends in order.</summary>
public sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public CancellationToken Token => _source.Token;

    /// <summary>True when Ctrl-C was pressed: only a person does that.</summary>
    public bool IsByPerson { get; private set; }

    /// <summary>Listens to Ctrl-C and TERM, and lives on when the terminal is closed.</summary>
    public static StopSignal OfProcess()
    {
        var stop = new StopSignal();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            stop._registrations.Add(PosixSignalRegistration.Create(signal, stop.On));
        return stop;
    }

    /// <summary>Ends the process in order, on behalf of whoever found a reason to.</summary>
    public void Ask()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It is ending anyway.
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGHUP)
            return;
        IsByPerson |= context.Signal == PosixSignal.SIGINT;
        _source.Cancel();
    }
}
