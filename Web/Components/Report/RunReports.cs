using Dashboard.Backend.Runs;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Dashboard.Web.Components.Report;

/// <summary>Writes the report of a run: one HTML file with all its pictures and curves in it.</summary>
public sealed class RunReports(IRunStore store, RunClasses classes, TimeProvider time, IServiceProvider services, ILoggerFactory logs)
{
    /// <returns>Null where there is no such run.</returns>
    public async Task<string?> WriteAsync(string id)
    {
        if (store.Find(id) is not { } run || store.Folder(id) is not { } folder)
            return null;
        var content = await Task.Run(() => ReportContent.Of(store, run, folder, classes.LabelNames(id), time.GetUtcNow()));
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ReportDocument.Content)] = content });
            return "<!DOCTYPE html>\n" + (await renderer.RenderComponentAsync<ReportDocument>(parameters)).ToHtmlString();
        });
    }
}
