using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dashboard.Web.Api.Requests;

/// <summary>Says in plain words what ASP.NET could not read of a request.</summary>
internal static partial class RequestFault
{
    private const string Missing = "missing required properties including:";

    public static string Describe(BadHttpRequestException fault)
    {
        if (fault.InnerException is JsonException json)
            return Describe(json);
        if (fault.Message.StartsWith("Implicit body", StringComparison.Ordinal))
            return "The request has no body. Send a JSON object.";
        if (Unreadable().Match(fault.Message) is { Success: true } value)
            return $"{value.Groups["name"]}: '{Shown.Text(value.Groups["value"].Value)}' is not {Wanted(value.Groups["type"].Value)}.";
        if (Absent().Match(fault.Message) is { Success: true } absent)
            return $"{absent.Groups["name"]}: it is missing from the address. Add ?{absent.Groups["name"]}=...";
        return Shown.Text(fault.InnerException is { } inner ? $"{fault.Message} {inner.Message}" : fault.Message, 1000);
    }

    private static string Wanted(string type) =>
        type.Contains("bool", StringComparison.OrdinalIgnoreCase) ? "true or false" : "a number, or is too large";

    private static string Describe(JsonException fault)
    {
        var place = fault.Path is null or "$" ? "" : $" at {Shown.Text(fault.Path.Replace("$.", ""))}";
        var reason = fault.Message switch
        {
            var text when text.Contains("could not be converted", StringComparison.Ordinal) =>
                "the value there is of the wrong kind, or out of range.",
            var text when text.Contains("allow null", StringComparison.Ordinal) => "null is not allowed there.",
            var text when text.IndexOf(Missing, StringComparison.Ordinal) is >= 0 and var at =>
                $"it lacks {text[(at + Missing.Length)..].Split(". Path:")[0].Trim().TrimEnd('.')}.",
            var text when Twice().Match(text) is { Success: true } twice => $"'{twice.Groups["name"]}' is given twice.",
            var text => Shown.Text(text.Split(" Path: ")[0], 300),
        };
        return $"The JSON of the body cannot be read{place}: {reason}";
    }

    [GeneratedRegex("""^Failed to bind parameter "(?<type>\S+) (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Unreadable();

    [GeneratedRegex("""^Required parameter "\S+ (?<name>\w+)" was not provided""")]
    private static partial Regex Absent();

    [GeneratedRegex("Duplicate property '(?<name>[^']*)'")]
    private static partial Regex Twice();
}
