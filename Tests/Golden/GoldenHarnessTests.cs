using System.Text;
using System.Text.Json;
using Dashboard.Tests.Libtorch;
using Xunit.Sdk;

namespace Dashboard.Tests.Golden;

[Collection(LibtorchCollection.Name)]
public sealed class GoldenHarnessTests
{
    [Theory]
    [InlineData("64x48-irn", "irn")]
    [InlineData("53x37-irn", "irn")]
    [InlineData("propagate-0", "propagate")]
    [InlineData("clip-preprocess-12", "clip-preprocess")]
    [InlineData("path-index-r5", "path-index")]
    [InlineData("three-steps-lr0.01", "three-steps")]
    [InlineData("full-vocab-224", "full-vocab")]
    [InlineData("glore-2d-normalize", "glore-2d-normalize")]
    public void KindOf_NameWithSizesAndCounters_LeavesTheRest(string name, string kind) => Assert.Equal(kind, GoldenCase.KindOf(name));

    [Fact]
    public void CheckOf_UnknownKind_Fails()
    {
        var error = Assert.Throws<XunitException>(() => GoldenTests.CheckOf(Case("metrics", "never-heard-of-3")));
        Assert.Contains("unknown kind 'never-heard-of'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckOf_SubjectWithoutChecks_SaysSo()
    {
        var error = Assert.Throws<XunitException>(() => GoldenTests.CheckOf(Case("alchemy", "gold")));
        Assert.Contains("'alchemy' is implemented", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Formula_StreamZero_GivesTheStatedValues() =>
        Assert.Equal([-0.12374746799468994f, -0.22388720512390137f, 0.46200132369995117f, 0.9303033351898193f], GoldenFormula.Values(0, 4, 0, 1, 0));

    [Fact]
    public void FormulaInput_OfEveryCase_StartsAndEndsAsStated()
    {
        var inputs = GoldenCases.All()
            .Where(golden => golden.Json.TryGetProperty("formula_inputs", out _))
            .SelectMany(golden => golden.Json.GetProperty("formula_inputs").EnumerateObject().Select(input => (golden, input)));
        Assert.All(inputs.Where(found => found.input.Value.TryGetProperty("first4", out _)), found =>
        {
            var values = found.golden.FormulaInput(found.input.Name).Values;
            Assert.Equal(Stated(found.input.Value, "first4"), values[..4]);
            Assert.Equal(Stated(found.input.Value, "last2"), values[^2..]);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void NpyArray_BothFormats_ReadsShapeAndValues(byte version)
    {
        var path = Path.GetTempFileName();
        var header = "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }\n";
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.Latin1.GetBytes(header),
            .. new long[] { 1, -2, 3 }.SelectMany(BitConverter.GetBytes)]);

        var array = NpyArray.Read(path);

        Assert.Equal([3L], array.Shape);
        Assert.Equal([1L, -2, 3], array.Int64);
        Assert.Throws<InvalidDataException>(() => array.Float32);
        File.Delete(path);
    }

    [Fact]
    public void Close_OneValueOff_NamesIndexDifferenceAndTolerance()
    {
        var error = Assert.Throws<XunitException>(() => GoldenAssert.Close([1.0, 2.0, 3.0], [1.0, 2.5, 3.1], 0.25, "losses"));
        Assert.Equal("losses: largest difference 0.5 at index 1 (2.5, expected 2); tolerance 0.25.", error.Message);
    }

    [Fact]
    public void Close_NotANumberAgainstNumber_Fails() => Assert.Throws<XunitException>(() => GoldenAssert.Close([1.0], [double.NaN], 10, "losses"));

    private static GoldenCase Case(string subject, string name) =>
        new("/nowhere", subject, JsonSerializer.SerializeToElement(new { name }));

    private static float[] Stated(JsonElement input, string name) => [.. input.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
}
