using System.Net;
using Dashboard.Domain.Runs;
using Microsoft.AspNetCore.Mvc;

namespace Dashboard.Web.Access;

/// <summary>A refused request: RFC 7807 for programs, a short page for people.</summary>
internal static class Refusal
{
    public static Task WriteAsync(HttpContext context, int status, string title, string detail)
    {
        context.Response.StatusCode = status;
        if (context.Request.Headers.Accept.ToString().Contains("text/html"))
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync($$"""
                <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>{{WebUtility.HtmlEncode(title)}}</title>
                <style>:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:34rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.5rem}</style>
                </head><body><h1>{{WebUtility.HtmlEncode(title)}}</h1><p>{{WebUtility.HtmlEncode(detail)}}</p></body></html>
                """);
        }
        return context.Response.WriteAsJsonAsync(new ProblemDetails { Status = status, Title = title, Detail = detail }, RunJson.Line,
            "application/problem+json");
    }
}
