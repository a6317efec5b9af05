namespace Dashboard.Web.Access;

/// <summary>Tells the browser to load nothing from elsewhere, to guess no types and to show the pages in nobody's frame.</summary>
public static class SecurityHeaders
{
    /// <summary>Inline styles are the component library's; blob and data images are masks drawn in the page.</summary>
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        + "frame-ancestors 'none'";

    public static Task AddAsync(HttpContext context, Func<Task> next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next();
    }
}
