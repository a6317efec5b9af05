using Dashboard.Backend.Runs;
using Dashboard.Tests.Runs;
using Dashboard.Tests.Web;
using Microsoft.Playwright;

namespace Dashboard.Tests.EndToEnd;

/// <summary>A real dashboard process with a data folder of its own, and a real Chromium in front of it.</summary>
public class BrowserFixture : IAsyncLifetime
{
    private readonly string _program;
    private Chromium? _chromium;

    /// <summary>The tests' own executable, whose workers count instead of training.</summary>
    public BrowserFixture()
        : this(TestProgram.Path)
    {
    }

    protected BrowserFixture(string program) => _program = program;

    public ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.StartAsync(Prepare, program: _program);
        _chromium = await Chromium.TakeAsync();
    }

    /// <summary>Puts into the data folder what is there before the server starts: the built-in data set, already drawn.</summary>
    protected virtual void Prepare(DataFolder data) => BuiltInWorld.LinkInto(data);

    /// <summary>A window of its own, as a new visitor has it.</summary>
    /// <param name="delay">Of the line to the server, in each direction.</param>
    public async Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false, TimeSpan? delay = null)
    {
        var page = await _chromium!.NewPageAsync(Server.Address, width, dark, delay);
        await page.GotoAsync(path);
        await page.Locator("h1").WaitForAsync();
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        await Server.DisposeAsync();
    }
}
