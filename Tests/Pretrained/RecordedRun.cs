using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Pretrained;

/// <summary>Run folders as models have to do with them.</summary>
internal static class RecordedRun
{
    /// <summary>A run whose spec names a model; it has not begun.</summary>
    public static void Naming(DataFolder data, string id, string model) =>
        Create(data, id, ClimsMethod.Descriptor, new ClimsOptions { Clip = model });

    /// <summary>A finished training of a CLIP.</summary>
    /// <returns>The folder of its model.</returns>
    public static string Trained(DataFolder data, string id)
    {
        var folder = Create(data, id, ClipMethod.Descriptor, new ClipTrainingOptions());
        var model = SmallClip.Write(folder.File("model"));
        using var log = new EventLogWriter(folder.Events, TimeProvider.System);
        log.Append(new RunStarted(1, "test", "cpu", "test"));
        log.Append(new RunFinished(1));
        return model;
    }

    private static RunFolder Create(DataFolder data, string id, MethodDescriptor method, MethodOptions options) =>
        RunFolder.Create(data.Run(id).Path, new RunSpec
    {
        Id = id,
        Method = method.Name,
        Options = method.Schema.Write(options),
        Dataset = "empty",
        Seed = 0,
        Device = "cpu",
        CodeVersion = CodeVersion.Current,
        Created = DateTimeOffset.UnixEpoch,
    });
}
