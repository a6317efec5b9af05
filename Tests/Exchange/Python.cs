using System.Diagnostics;

namespace Dashboard.Tests.Exchange;

/// <summary>The readers that exported files are made for: a Python that has them.</summary>
internal static class Python
{
    private static readonly Dictionary<string, string?> Found = [];

    /// <summary>The interpreter that has a module; null where there is none.</summary>
    public static string? With(string module)
    {
        lock (Found)
        {
            if (!Found.TryGetValue(module, out var found))
                Found[module] = found = ((string[])["python3", "/usr/bin/python3"]).FirstOrDefault(python =>
                    Call(python, $"import {module}").ExitCode == 0);
            return found;
        }
    }

    /// <summary>Runs a script that has to succeed; gives what it prints.</summary>
    public static string Run(string module, string script, params string[] arguments)
    {
        var (exitCode, output, error) = Call(With(module)!, script, arguments);
        Assert.True(exitCode == 0, error);
        return output.Trim();
    }

    private static (int ExitCode, string Output, string Error) Call(string python, string script, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(python, ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "", $"{python} is not installed.");
        }
    }
}

/// <summary>A test that is skipped, and says so, where no Python has the module.</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string module) => Skip =
        Python.With(module) is null ? $"no python3 here has {module} (apt-get install python3-{module})" : null;
}
