using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Shared;

/// <summary>
/// What people write, as HTML that can do no harm: no HTML of their own, no script in a link, nothing that is loaded from elsewhere.
/// </summary>
public static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().UseAutoLinks().UseEmphasisExtras().DisableHtml().Build();

    private static readonly string[] Safe = [Uri.UriSchemeHttp, Uri.UriSchemeHttps, Uri.UriSchemeMailto];

    public static MarkupString Render(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>())
        {
            // A picture of another host would tell that host who reads.
            link.IsImage = false;
            if (!IsSafe(link.Url))
                link.Url = null;
        }
        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail && !IsSafe(link.Url)).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));
        return (MarkupString)document.ToHtml(Pipeline);
    }

    /// <summary>An address of this dashboard, or one that leaves it by a scheme that runs nothing.</summary>
    private static bool IsSafe(string? url) =>
        url is not null && (!url.Contains(':') || Safe.Any(scheme => url.StartsWith(scheme + ":", StringComparison.OrdinalIgnoreCase)));
}
