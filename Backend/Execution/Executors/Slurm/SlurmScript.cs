using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>What a job executes.</summary>
internal static class SlurmScript
{
    /// <summary>Stands for the folder of the job's run.</summary>
    private const string Run = "$run";

    /// <summary>Of a job for one run.</summary>
    public static string Of(DashboardProgram program, RunStart start) => Join(program, start.Device, [$"run={Quoted(start.Folder.Path)}"]);

    /// <summary>Of a job array: each task finds its run in the array's list, and writes to that one's log.</summary>
    public static string Of(DashboardProgram program, SlurmArray array, string device) => Join(program, device,
    [
        $"list={Quoted(array.Path)}",
        "run=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1)){s/^[0-9]* //;p;}\" \"$list\")",
        "cd \"${run:?$list names no run for task $SLURM_ARRAY_TASK_ID.}\" || exit 1",
        $"exec >> {RunFolder.WorkerLogName} 2>&1",
    ]);

    private static string Join(DashboardProgram program, string device, IEnumerable<string> first) => string.Join('\n',
    [
        "#!/bin/sh",
        .. DashboardProgram.Settings.Select(setting => $"export {setting.Key}=\"${{{setting.Key}:-{setting.Value}}}\""),
        .. first,
        // The shell is replaced: what Slurm sends to the job reaches the worker.
        $"exec {string.Join(' ', program.WorkerCommand(Run, device).Select(argument => argument == Run ? $"\"{Run}\"" : Quoted(argument)))}",
        "",
    ]);

    private static string Quoted(string argument) => $"'{argument.Replace("'", "'\\''")}'";
}
