namespace Dashboard.Web.Api.Requests;

/// <summary>What a request said, as an answer repeats it: never longer than a person reads.</summary>
internal static class Shown
{
    public static string Text(string text, int longest = 100) => text.Length <= longest ? text : $"{text[..longest]} ... ({text.Length} characters)";
}
