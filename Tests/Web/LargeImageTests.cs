using System.Net;
using System.Net.Http.Json;
using Dashboard.Backend.Images;
using Dashboard.Tests.Images;

namespace Dashboard.Tests.Web;

/// <summary>Images made to take memory, asked of a real server process.</summary>
public sealed class LargeImageTests(ServerProcessFixture dashboard) : IClassFixture<ServerProcessFixture>
{
    private const string Options = """{"model":"small","templates":"own","ownTemplates":["{}"],"crf":false}""";

    private const long MostMemory = 1200L << 20;

    [Fact]
    public async Task Images_Of99Megapixels_EightAtOnce_KeepTheProcessSmall()
    {
        await RegisterAsync("large", ("a.png", TestPng.Blank(11_000, 9_000, 1, TestPng.Indexed, [10, 20, 30, 200, 100, 50])));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => dashboard.Client.GetAsync("/api/datasets/large/images/a?split=all")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var thumbnail = ImageFile.DecodeRgb(await answers[0].Content.ReadAsByteArrayAsync(), "thumbnail.jpg");
        Assert.Equal(new(256, 209), thumbnail.Size);
        Assert.InRange(thumbnail.Pixels[0], 6, 14);
        var peak = Memory("VmHWM");
        Assert.True(peak < MostMemory, $"The server took {peak >> 20} MB.");
    }

    [Theory]
    [InlineData("tall", 1, 49_000_000)]
    [InlineData("wide", 49_000_000, 1)]
    public async Task Images_ThatAreALine_AreRefusedWithASentence(string name, int width, int height)
    {
        var png = TestPng.Blank(width, height, 8, TestPng.Gray);
        await RegisterAsync(name, ("a.png", png));
        using var picture = await dashboard.Client.GetAsync($"/api/datasets/{name}/images/a?split=all");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, picture.StatusCode);
        Assert.Contains($"declares {width}x{height} pixels", await picture.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(png), "image", "a.png" }, { new StringContent("cat"), "classes" },
            { new StringContent(Options), "options" } };
        using var segmented = await dashboard.Client.PostAsync("/api/segment", form);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, segmented.StatusCode);
        Assert.Contains("a side may have 65,535 at most", await segmented.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(Memory("VmHWM") < MostMemory);
    }

    [Fact]
    public async Task Thumbnails_OfLongThinImages_KeepAPixel()
    {
        await RegisterAsync("thin", ("a.png", TestPng.Blank(60_000, 3, 8, TestPng.Gray)), ("b.png", TestPng.Blank(3, 60_000, 8, TestPng.Gray)));
        Assert.Equal(new(256, 1), await SizeAsync("a"));
        Assert.Equal(new(1, 256), await SizeAsync("b"));

        async Task<ImageSize> SizeAsync(string id) =>
            ImageFile.DecodeRgb(await dashboard.Client.GetByteArrayAsync($"/api/datasets/thin/images/{id}?split=all"), "thumbnail.jpg").Size;
    }

    private async Task RegisterAsync(string name, params (string File, byte[] Bytes)[] images)
    {
        var folder = Path.Combine(dashboard.Server.Data.Path, "datasets", name);
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        foreach (var (file, bytes) in images)
            await File.WriteAllBytesAsync(Path.Combine(folder, "images", file), bytes);
        await File.WriteAllLinesAsync(Path.Combine(folder, "tags.csv"), images.Select(image => $"{image.File},cat"));
        using var answer = await dashboard.Client.PostAsJsonAsync("/api/datasets", new { name, path = folder });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    /// <summary>Bytes, of a line in the process's status.</summary>
    private long Memory(string line) =>
        long.Parse(File.ReadLines($"/proc/{dashboard.Server.ProcessId}/status")
            .Single(text => text.StartsWith(line, StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) << 10;
}
