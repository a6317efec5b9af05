namespace Dashboard.Web.Api.Requests;

/// <summary>Numbers in an address that ASP.NET could read, checked against their range.</summary>
internal static class QueryValue
{
    /// <exception cref="BadHttpRequestException">It is negative.</exception>
    public static long? NotNegative(string name, long? value) =>
        value is < 0 ? throw new BadHttpRequestException($"{name}: {value} is negative. Give a whole number of at least 0.") : value;

    /// <exception cref="BadHttpRequestException">It is not a number from 0 to 1.</exception>
    public static double? Fraction(string name, double? value) =>
        value is null or (>= 0 and <= 1) ? value : throw new BadHttpRequestException($"{name}: {value} is not a number from 0 to 1.");
}
