using System.Globalization;
using Xunit.Sdk;

namespace Dashboard.Tests.Golden;

/// <summary>Comparisons whose failure says how far off, where, and what was allowed.</summary>
public static class GoldenAssert
{
    /// <summary>|actual - expected| &lt;= tolerance everywhere; NaN equals NaN.</summary>
    public static void Close(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance, string what)
    {
        if (expected.Count != actual.Count)
            throw new XunitException($"{what}: {actual.Count} values, expected {expected.Count}.");
        var (worst, at) = (-1.0, -1);
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected[i].Equals(actual[i]))
                continue;
            var difference = Math.Abs(expected[i] - actual[i]);
            if (double.IsNaN(difference))
                throw Failure(what, i, expected[i], actual[i], double.NaN, tolerance);
            if (difference > worst)
                (worst, at) = (difference, i);
        }

        if (worst > tolerance)
            throw Failure(what, at, expected[at], actual[at], worst, tolerance);
    }

    public static void Close(double expected, double actual, double tolerance, string what) => Close([expected], [actual], tolerance, what);

    public static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what) =>
        Close(Widen(expected), Widen(actual), tolerance, what);

    /// <summary>max|actual - expected| &lt;= tolerance * max|expected|.</summary>
    public static void CloseRelativeToMaximum(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        var reference = Widen(expected);
        Close(reference, Widen(actual), tolerance * reference.Select(Math.Abs).DefaultIfEmpty().Max(), what);
    }

    /// <summary>The same numbers, one for one.</summary>
    public static void Same<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what) where T : IEquatable<T>
    {
        if (expected.Length != actual.Length)
            throw new XunitException($"{what}: {actual.Length} values, expected {expected.Length}.");
        var at = expected.CommonPrefixLength(actual);
        if (at < expected.Length)
            throw new XunitException($"{what}: value {at} is {actual[at]}, expected {expected[at]} exactly.");
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        return wide;
    }

    private static XunitException Failure(string what, int at, double expected, double actual, double difference, double tolerance) =>
        new(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: largest difference {difference:G6} at index {at} ({actual:G9}, expected {expected:G9}); tolerance {tolerance:G6}."));
}
