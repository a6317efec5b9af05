using System.Globalization;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Display;

namespace Dashboard.Web.Server;

/// <summary>
/// Where the server's log goes: one readable line an entry to standard error, the same with all details to <c>DATA/logs/dashboard.log</c>.
/// </summary>
internal static class DashboardLog
{
    /// <summary>Then a new file is begun; the last ones are kept.</summary>
    private const long MostBytes = 10 << 20;
    private const int KeptFiles = 3;

    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss} {Level} {Text:l}{NewLine}";

    /// <summary>A dashboard that leads, and one beside it, have a file each.</summary>
    public static string PathIn(DataFolder data, bool isLeading) => Path.Combine(data.Logs,
        isLeading ? "dashboard.log" : $"dashboard-{Environment.MachineName}-{Environment.ProcessId}.log");

    /// <summary>What is logged is chosen in <c>Logging</c> of appsettings.json.</summary>
    public static void AddDashboardLog(this ILoggingBuilder logging, string path)
    {
        var log = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Enrich.With<OneLine>()
            .WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)
            .WriteTo.File(
                path, outputTemplate: Line + "{Exception}", formatProvider: CultureInfo.InvariantCulture,
                fileSizeLimitBytes: MostBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: KeptFiles)
            .CreateLogger();
        // The file is opened with the first entry, and its folder made: later that would bring back a data folder that was taken away.
        log.Information("Dashboard {Version} starts.", CodeVersion.Current);
        logging.ClearProviders();
        logging.AddProvider(new SerilogLoggerProvider(log, dispose: true));
    }

    /// <summary>The entry on one line, with the exception's message unless the entry says it already.</summary>
    private sealed class OneLine : ILogEventEnricher
    {
        private readonly MessageTemplateTextFormatter _message = new("{Message:lj}", CultureInfo.InvariantCulture);

        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
        {
            using var writer = new StringWriter(CultureInfo.InvariantCulture);
            _message.Format(logEvent, writer);
            var text = writer.ToString();
            if (logEvent.Exception is { } error && !text.Contains(error.Message, StringComparison.Ordinal))
                text += $" {ExpectedFailure.FirstLine(error)}";
            logEvent.AddPropertyIfAbsent(propertyFactory.CreateProperty("Text", text.ReplaceLineEndings(" ")));
        }
    }
}
