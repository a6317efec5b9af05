using System.Text.RegularExpressions;

namespace Dashboard.Tests.Web;

public sealed partial class CompressionTests(ServerFixture dashboard) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task ScriptsAndStyles_OfThePage_AreCompressedOnTheWire()
    {
        var page = await dashboard.Client.GetStringAsync("/");
        var files = Named().Matches(page).Select(match =>
            match.Groups[1].Value).Append("lib/signalr/signalr.min.js").Append("lib/uplot/uPlot.esm.js").ToList();

        Assert.Contains("app.css", files);
        Assert.Contains("_framework/blazor.web.js", files);
        foreach (var file in files)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/{file}");
            request.Headers.AcceptEncoding.ParseAdd("gzip, deflate, br");
            using var answer = await dashboard.Client.SendAsync(request);

            Assert.True(answer.IsSuccessStatusCode, file);
            Assert.True(answer.Content.Headers.ContentEncoding.SingleOrDefault() is "gzip" or "br", $"{file} is not compressed");
            // A header alone makes nothing small: the framework's reloading of changed files sends them as gzip that is not packed.
            var (packed, whole) =
                ((await answer.Content.ReadAsByteArrayAsync()).Length, (await dashboard.Client.GetByteArrayAsync($"/{file}")).Length);
            Assert.True(packed < 0.7 * whole, $"{file} has {whole} bytes and travels as {packed}");
        }
    }

    /// <summary>What a first visit loads before anything is seen; scripts of single parts and pictures come on top.</summary>
    [Fact]
    public async Task Page_WithAllThatItLinks_StaysUnderAMegabyte()
    {
        var page = await dashboard.Client.GetStringAsync("/");
        var sizes = new Dictionary<string, int> { ["/"] = page.Length };
        foreach (var file in Linked().Matches(page).Select(match => match.Groups[1].Value))
            sizes[file] = (await dashboard.Client.GetByteArrayAsync($"/{file}")).Length;

        Assert.Contains(sizes, size => size.Key.EndsWith(".woff2", StringComparison.Ordinal));
        Assert.True(sizes.Values.Sum() < 1 << 20, string.Join(", ", sizes));
    }

    [GeneratedRegex("""(?:src|href)="/?([^":]+\.(?:css|js))(?=["?])""")]
    private static partial Regex Named();

    [GeneratedRegex("""(?:src|href)="/?([^":]+\.(?:css|js|woff2|svg))(?=["?])""")]
    private static partial Regex Linked();
}
