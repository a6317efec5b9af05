using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Dashboard.Tests.EndToEnd;

/// <summary>Tests in windows of a real browser, closed after each: what went wrong in a page's scripts fails the test that opened it.</summary>
public abstract class BrowserTests<TDashboard>(TDashboard dashboard) : IAsyncLifetime where TDashboard : RunPageFixture
{
    private readonly List<IPage> _pages = [];
    private readonly ConcurrentQueue<string> _errors = [];

    protected TDashboard Dashboard => dashboard;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var page in _pages)
            await page.Context.CloseAsync();
        Assert.Empty(_errors);
    }

    protected async Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false)
    {
        var page = await dashboard.OpenAsync(path, width, dark, _errors.Enqueue);
        _pages.Add(page);
        return page;
    }
}
