using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dashboard.Backend.Images;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Datasets;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Images;
using Dashboard.Tests.Pretrained;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

/// <summary>Uploads of every kind, to a real server and its inference process.</summary>
public sealed class SegmentApiTests(ServerFixture dashboard) : IClassFixture<ServerFixture>
{
    private const string Options = """{"model":"small","templates":"own","ownTemplates":["{}"],"crf":false}""";

    private readonly Lock _making = new();

    [Fact]
    public async Task Segment_Upload_AnswersScoresMapsAndLabels()
    {
        var (status, answer) = await PostAsync(ImageFixtures.Bytes("rgb.png"), "rgb.png", "cat, mat, at,");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["background", "cat", "mat", "at"], answer.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(4, answer.GetProperty("scores").GetArrayLength());
        var labels = ImageFile.Decode(answer.GetProperty("labels").GetBytesFromBase64(), "labels.png");
        Assert.Equal(PixelLayout.Indexed, labels.Info.Layout);
        Assert.Equal(VocPalette.Rgb, labels.Palette.Chunk(4).SelectMany(colour => colour[..3]));
        Assert.Equal((answer.GetProperty("width").GetInt32(), answer.GetProperty("height").GetInt32()), (labels.Info.Width, labels.Info.Height));
        Assert.All(answer.GetProperty("candidates").EnumerateArray(),
            candidate => Assert.Equal(16 * 16, candidate.GetProperty("map").GetBytesFromBase64().Length));
    }

    [Fact]
    public async Task Segment_TwelveMegapixels_ComeBackAsASmallPreview()
    {
        var random = new Random(1);
        var pixels = new byte[4000 * 3000 * 3];
        for (var i = 0; i < pixels.Length; i += 97)
            pixels[i] = (byte)random.Next(256);
        var (status, answer) = await PostAsync(ImageFile.EncodeJpeg(new ImageBuffer(4000, 3000, 3, pixels)), "camera.jpg", "cat, mat");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(new ImageSize(1600, 1200), ImageFile.DecodeRgb(answer.GetProperty("preview").GetBytesFromBase64(), "preview.jpg").Size);
        Assert.Equal(new ImageSize(4000, 3000), ImageFile.Decode(answer.GetProperty("labels").GetBytesFromBase64(), "labels.png").Info.Size);
    }

    [Theory]
    [InlineData("cmyk.jpg")]
    [InlineData("gray_16bit.png")]
    [InlineData("bilevel.png")]
    [InlineData("rgb_progressive.jpg")]
    public async Task Segment_RareKinds_AreHandled(string name) =>
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(ImageFixtures.Bytes(name), name, "cat")).Status);

    [Fact]
    public async Task Segment_OnePixelOrAWrongExtension_IsHandled()
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(ImageFile.EncodePng(new ImageBuffer(1, 1, 3, [1, 2, 3])), "dot.png", "cat")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(ImageFixtures.Bytes("rgb.png"), "saved as.jpg", "cat")).Status);
    }

    [Fact]
    public async Task Segment_WhatIsNoImage_IsRefusedAndTheNextIsAnswered()
    {
        var whole = ImageFixtures.Bytes("rgb_q75_420.jpg");
        foreach (var (file, name, expected) in new[]
        {
            (AnimatedGif[..^1], "moving.gif", "“moving.gif” is damaged or truncated"),
            (whole[..(whole.Length / 2)], "cut.jpg", "“cut.jpg” is damaged or truncated"),
            ([], "nothing.png", "“nothing.png” is empty"),
            ("<script>alert(1)</script>"u8.ToArray(), "<b>.png",
                "not an image in a format that is read (JPEG, PNG, WebP, BMP or GIF): its content is text (“<script>"),
        })
        {
            var (status, problem) = await PostAsync(file, name, "cat");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(whole, "whole.jpg", "cat")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(AnimatedGif, "moving.gif", "cat")).Status);
    }

    [Fact]
    public async Task Segment_MoreBytesThanAllowed_IsRefusedWithoutReadingThem()
    {
        var (status, problem) = await PostAsync(new byte[(32 << 20) + 1], "huge.png", "cat");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("32 MB", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat,, mat", "classes", "Class 2 of 3 has no name")]
    [InlineData("cat, mat, Cat", "classes", "'Cat' is given twice")]
    [InlineData("background, cat", "classes", "'background' is the background, which is always there")]
    [InlineData("cat, d\u0007og", "classes", "cannot be seen (U+0007)")]
    [InlineData("", "classes", "1 to 254 classes, not 0")]
    [InlineData(" , ", "classes", "1 to 254 classes, not 0")]
    public async Task Segment_NamesThatCannotBe_AreRefused(string classes, string field, string expected)
    {
        var (status, problem) = await PostAsync(ImageFixtures.Bytes("rgb.png"), "rgb.png", classes);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Segment_TwoHundredNames_AreScored()
    {
        var (status, answer) =
            await PostAsync(ImageFixtures.Bytes("rgb.png"), "rgb.png", string.Join(", ", Enumerable.Range(0, 200).Select(k => $"c{k}")));
        Assert.Equal((HttpStatusCode.OK, 201), (status, answer.GetProperty("scores").GetArrayLength()));
    }

    [Theory]
    [InlineData("""{"model":"small","candidates":0,"closingSize":4}""", "candidates", "from 1 to 254")]
    [InlineData("""{"model":"small","treshold":1}""", "treshold", "Known options")]
    [InlineData("""{"model":"/etc/passwd"}""", "model", "outside the folders")]
    [InlineData("""{}""", "model", "choose one")]
    [InlineData("""[1]""", "options", "not a JSON object")]
    [InlineData("""{"model":""", "options", "not a JSON object")]
    public async Task Segment_OptionsThatCannotBe_AreRefusedByName(string options, string field, string expected)
    {
        var (status, problem) = await PostAsync(ImageFixtures.Bytes("rgb.png"), "rgb.png", "cat", options);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    /// <summary>Words that the model that ships does not know make many tokens: with them some of the program's own templates do not fit.</summary>
    [Theory]
    [InlineData("elephant")]
    [InlineData("television")]
    [InlineData("traffic light")]
    [InlineData("pottedplant")]
    public async Task Segment_OrdinaryWord_LeavesOutWhatDoesNotFit(string word)
    {
        var (status, answer) = await PostAsync(ImageFixtures.Bytes("rgb.png"), "rgb.png", $"{word}, circle", """{"model":"cooccurrence-loda","crf":false}""");
        Assert.Equal(HttpStatusCode.OK, status);
        var leftOut = Assert.Single(answer.GetProperty("leftOut").EnumerateArray());
        Assert.Equal((word, 80), (leftOut.GetProperty("word").GetString(), leftOut.GetProperty("of").GetInt32()));
        Assert.InRange(leftOut.GetProperty("count").GetInt32(), 1, 79);
    }

    [SmallDiskFact]
    public async Task Segment_TemporaryFolderFull_SaysSo()
    {
        using var folder = new TempFolder();
        using var small = SmallDisk.Mount(folder.Path);
        await using var server = await ServerProcess.StartAsync(environment: new Dictionary<string, string> { ["ASPNETCORE_TEMP"] = folder.Path });
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[4 << 20]), "image", "large.png" },
            { new StringContent("cat"), "classes" } };

        var answer = await server.Client.PostAsync("/api/segment", form);

        Assert.Equal(HttpStatusCode.InsufficientStorage, answer.StatusCode);
        Assert.Contains("Free some space", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Segment_UnknownModelOrNameTooLong_SaysSo()
    {
        var (status, problem) = await PostAsync(ImageFixtures.Bytes("rgb.png"), "rgb.png", "cat", """{"model":"nosuch"}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("There is no model 'nosuch'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (status, problem) = await PostAsync(ImageFixtures.Bytes("rgb.png"), "rgb.png", new string('x', 100));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("The word 'xxx", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("tokens", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Segment_ImageOfNoDataSetOrNoForm_IsRefused()
    {
        using var imageless = new MultipartFormDataContent { { new StringContent("cat"), "classes" }, { new StringContent(Options), "options" } };
        var refused = await dashboard.Client.PostAsync("/api/segment", imageless);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("There is no image: send the file as image", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var form = new MultipartFormDataContent { { new StringContent("nosuch"), "dataset" }, { new StringContent("val"), "split" },
            { new StringContent("1"), "id" }, { new StringContent("cat"), "classes" }, { new StringContent(Options), "options" } };
        var answer = await dashboard.Client.PostAsync("/api/segment", form);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("no data set 'nosuch'", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        answer = await dashboard.Client.PostAsJsonAsync("/api/segment", new { classes = "cat" });
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("multipart form", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var cut = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\nabc"u8.ToArray());
        cut.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        Assert.Equal(HttpStatusCode.BadRequest, (await dashboard.Client.PostAsync("/api/segment", cut)).StatusCode);
    }

    /// <summary>Two frames of one pixel.</summary>
    private static byte[] AnimatedGif =>
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255,
        .. Frame, .. Frame, 0x3B,
    ];

    private static byte[] Frame => [0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(byte[] file, string name, string classes, string options = Options)
    {
        AddModel();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "image", name }, { new StringContent(classes), "classes" },
            { new StringContent(options), "options" } };
        var answer = await dashboard.Client.PostAsync("/api/segment", form);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private void AddModel()
    {
        lock (_making)
        {
            var catalog = new ModelCatalog(dashboard.Server.Data.Path);
            if (catalog.List().All(model => model.Name != "small"))
                catalog.Add(SmallClip.Write(Path.Combine(dashboard.Server.Data.Path, "clips", "small")));
        }
    }
}
