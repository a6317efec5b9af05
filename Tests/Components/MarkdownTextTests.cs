using Dashboard.Web.Components.Shared;

namespace Dashboard.Tests.Components;

/// <summary>Notes come from people: what they write is shown, and runs nowhere.</summary>
public sealed class MarkdownTextTests
{
    [Fact]
    public void Render_OfMarkdown_IsHtml() =>
        Assert.Equal(
            "<h1>Seen</h1>\n<ul>\n<li><strong>boats</strong> with <a href=\"https://example.org/a\">water</a></li>\n</ul>\n",
            MarkdownText.Render("# Seen\n- **boats** with [water](https://example.org/a)").Value);

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script")]
    [InlineData("<img src=x onerror=alert(1)>", "<img")]
    [InlineData("[a](javascript:alert(1))", "javascript:")]
    [InlineData("[a](JaVaScRiPt:alert(1))", "alert")]
    [InlineData("[a](data:text/html,alert)", "data:")]
    [InlineData("<javascript:alert(1)>", "href")]
    [InlineData("[a]\n\n[a]: javascript:alert(1)", "alert")]
    public void Render_OfWhatCouldRun_LeavesItOut(string markdown, string harmful) =>
        Assert.DoesNotContain(harmful, MarkdownText.Render(markdown).Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>It would tell another host who reads the notes, and when.</summary>
    [Fact]
    public void Render_OfAPicture_IsALink() =>
        Assert.Equal("<p><a href=\"https://example.org/a.png\">map</a></p>\n", MarkdownText.Render("![map](https://example.org/a.png)").Value);
}
