using System.Net.Http.Json;
using System.Threading.Channels;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Notices;

/// <summary>
/// Posts the end of each run to the address in <c>Dashboard:Webhook</c> as JSON. The field <c>text</c> is what Slack, Mattermost and the like show.
/// Of several dashboards on one data folder the leading one posts.
/// </summary>
/// <param name="lead">Null: there is no other dashboard.</param>
public sealed class Webhook(RunEndings endings, IConfiguration configuration, TimeProvider time, ILogger<Webhook> log, Lead? lead = null)
{
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Until it is told to stop.</summary>
    /// <exception cref="InvalidDataException">The address in the configuration is none.</exception>
    public async Task PostAsync(CancellationToken stop)
    {
        var configured = configuration["Dashboard:Webhook"];
        if (string.IsNullOrWhiteSpace(configured))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        if (!Uri.TryCreate(configured, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidDataException(
                $"Dashboard:Webhook: '{configured}' is not an address of the form https://host/path. Correct it, or leave it empty.");
        var waiting = Channel.CreateUnbounded<RunEnding>(new() { SingleReader = true });
        using var subscription = endings.Subscribe(ending => waiting.Writer.TryWrite(ending));
        using var client = new HttpClient { Timeout = Patience };
        await foreach (var ending in waiting.Reader.ReadAllAsync(stop))
            if (lead?.IsLeading != false)
                await PostAsync(client, address, ending, stop);
    }

    private async Task PostAsync(HttpClient client, Uri address, RunEnding ending, CancellationToken stop)
    {
        var body = new Message(
            $"{ending.Headline}. {ending.Detail}".TrimEnd(), ending.Id, ending.Title, ending.State, ending.Time, ending.Miou, ending.Message,
            ending.QueueIsEmpty);
        for (var pause = TimeSpan.FromSeconds(1); ; pause *= 4)
            try
            {
                using var answer = await client.PostAsJsonAsync(address, body, RunJson.Line, stop);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
            {
                if (pause >= TimeSpan.FromSeconds(Math.Pow(4, Tries - 1)))
                {
                    // The address may hold a secret: only its host is told.
                    log.LogWarning("The webhook at {Host} did not take the end of run {Id}: {Reason}", address.Host, ending.Id, error.Message);
                    return;
                }
                await Task.Delay(pause, time, stop);
            }
    }

    /// <param name="Text">All of it in one sentence.</param>
    private sealed record Message(
        string Text, string Run, string Title, RunState State, DateTimeOffset Time, double? Miou, string? Failure, bool QueueIsEmpty);
}
