using System.ComponentModel;
using System.Diagnostics;

namespace Dashboard.Backend.Execution.Executors;

/// <summary>A process that this one has started. Disposing it lets it go; it does not end it.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => (_process, Id) = (process, process.Id);

    /// <exception cref="IOException">It cannot be started: says why.</exception>
    internal static ChildProcess Start(ProcessStartInfo start)
    {
        try
        {
            return new(Process.Start(start)!);
        }
        catch (Win32Exception error)
        {
            throw new IOException($"{start.FileName} cannot be started: {error.Message}.", error);
        }
    }

    /// <summary>A command of the machine's, which can be written to and read.</summary>
    /// <exception cref="IOException">It cannot be started: says why.</exception>
    internal static ChildProcess Start(string command, IReadOnlyList<string> arguments) => Start(new ProcessStartInfo(command, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    });

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Above 128: the signal that ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it reads, where it was started to be written to.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>What it prints, where it was started to be read.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <inheritdoc cref="Output"/>
    public StreamReader Errors => _process.StandardError;

    /// <summary>Hands on its standard error line by line, instead of <see cref="Errors"/>; null at its end.</summary>
    public void ReadErrors(Action<string?> line)
    {
        _process.ErrorDataReceived += (_, read) => line(read.Data);
        _process.BeginErrorReadLine();
    }

    public Task WaitForExitAsync(CancellationToken cancellation = default) => _process.WaitForExitAsync(cancellation);

    /// <summary>Ends it, with the processes that it has started; one that has ended already is left alone.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose() => _process.Dispose();
}
