using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Coco;

namespace Dashboard.Tests.Web;

public sealed class DatasetPreviewApiTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Preview_OfCocoFolder_TellsWhatWasReadAndServesThePictures()
    {
        using var folder = new TempFolder(Path.Combine(fixture.Server.Data.Path, "previewed"));
        SmallCoco.CatsAndDogs().Image(1, "a.jpg").Image(2, "b.jpg").Image(3, "gone.jpg")
            .Annotation(1, 17, SmallCoco.Box(0, 0, 6, 8))
                .Annotation(2, 3, "{\"size\": [8, 12], \"counts\": [1, 2]}")
                .Annotation(3, 17, SmallCoco.Box(0, 0, 6, 8))
            .Write(folder, "annotations/instances_train2017.json", "train2017");
        File.Delete(folder.File("train2017/gone.jpg"));
        Assert.Equal(HttpStatusCode.Created,
            (await fixture.Client.PostAsJsonAsync("/api/datasets", new { name = "previewed", path = folder.Path })).StatusCode);

        var preview = JsonNode.Parse(await fixture.Client.GetStringAsync("/api/datasets/previewed/preview"))!;

        Assert.Equal("COCO annotations", preview["kind"]!.GetValue<string>());
        var split = preview["splits"]!.AsArray().Single()!;
        Assert.Equal(("train", 3, 12, 0.5),
            (split["split"]!.GetValue<string>(), split["images"]!.GetValue<int>(), split["largest"]!["width"]!.GetValue<int>(),
            split["backgroundShare"]!.GetValue<double>()));
        Assert.Equal(["dog", "cat"], preview["classes"]!.AsArray().Select(row => row!["name"]!.GetValue<string>()));
        Assert.Equal(["a", "b", "gone"], preview["pictures"]!.AsArray().Select(picture => picture!["id"]!.GetValue<string>()));
        Assert.Contains("is missing", preview["skipped"]!.AsArray().Select(problem => problem!["message"]!.GetValue<string>()));

        var overlay = await fixture.Client.GetAsync("/api/datasets/previewed/overlays/a?split=train");
        Assert.Equal("image/jpeg", overlay.Content.Headers.ContentType!.MediaType);
        var picture = ImageFile.DecodeRgb(await overlay.Content.ReadAsByteArrayAsync(), "overlay.jpg");
        Assert.Equal(new ImageSize(12, 8), picture.Size);
        Assert.Equal(HttpStatusCode.UnprocessableEntity,
            (await fixture.Client.GetAsync("/api/datasets/previewed/overlays/b?split=train")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Client.GetAsync("/api/datasets/previewed/overlays/gone?split=train")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Client.GetAsync("/api/datasets/previewed/overlays/nosuch?split=train")).StatusCode);
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("%2Fetc")]
    public async Task Preview_OfWhatIsNoDataSetHere_SaysSo(string name)
    {
        var answer = await fixture.GetRawAsync($"/api/datasets/{name}/preview");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }
}
