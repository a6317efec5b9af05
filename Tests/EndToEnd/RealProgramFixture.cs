using System.Text.RegularExpressions;
using Dashboard.Backend.Runs;
using Dashboard.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The program that people start, whose workers really train, and a real Chromium in front of it.</summary>
public class RealProgramFixture : IAsyncLifetime
{
    /// <summary>A busy machine trains for minutes.</summary>
    public const int Patience = 600_000;

    private Chromium? _chromium;

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "dashboard");

    public ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.StartAsync(Prepare, program: Program);
        _chromium = await Chromium.TakeAsync();
    }

    /// <summary>Puts into the data folder what is there before the server starts: nothing, as people's program starts at first.</summary>
    protected virtual void Prepare(DataFolder data)
    {
    }

    /// <inheritdoc cref="Chromium.OpenAsync"/>
    public Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false) => _chromium!.OpenAsync(Server.Address, path, width, dark);

    /// <summary>From the filled-in form to the page of the new run.</summary>
    /// <returns>The run's identifier.</returns>
    public static async Task<string> LaunchAsync(IPage page, string method)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync(new() { Timeout = Patience });
        await Expect(page).ToHaveURLAsync(new Regex($"/runs/[^/]*-{method}-"), new() { Timeout = Patience });
        return new Uri(await page.EvaluateAsync<string>("() => location.href")).Segments[^1];
    }

    /// <summary>The run whose page is open.</summary>
    public static Task ExpectFinished(IPage page) => ExpectFinished(page.Locator(".progress"));

    /// <summary>Waits for the end, however it is: nobody waits for what has failed.</summary>
    /// <param name="place">Where the state stands.</param>
    public static async Task ExpectFinished(ILocator place)
    {
        var state = place.Locator(".state-finished, .state-failed, .state-cancelled").First;
        await Expect(state).ToBeVisibleAsync(new() { Timeout = Patience });
        Assert.Contains("state-finished", await state.GetAttributeAsync("class"));
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        await Server.DisposeAsync();
    }
}
