using System.Net;
using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.EndToEnd;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

/// <summary>The addresses that the Compare page draws from, over real files and a real server.</summary>
public sealed class CompareApiTests : IClassFixture<ServerFixture>, IAsyncLifetime
{
    private static FabricatedComparison? _world;

    private readonly ServerFixture _fixture;

    public CompareApiTests(ServerFixture fixture)
    {
        _fixture = fixture;
        _world ??= new FabricatedComparison(fixture.Server.Data, "small", images: 6, size: 48);
    }

    private static FabricatedComparison World => _world!;

    public Task InitializeAsync() => World.FoundAsync(_fixture.Server.Address);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Sources_FinishedRuns_AreNamedWithTheirImages()
    {
        var sources = JsonNode.Parse(await _fixture.Client.GetStringAsync("/api/compare/sources"))!.AsArray();

        Assert.Equal(
            // Newest first; of a run the measured maps before the others.
            [$"masks:{World.Masks.Id}", $"maps:{World.Masks.Id}", $"maps:{World.Spilling.Id}", $"maps:{World.Near.Id}"],
            sources.Select(source => source!["key"]!.GetValue<string>()));
        Assert.All(sources, source => Assert.Equal(("small", "val"), (source!["dataset"]!.GetValue<string>(), source["split"]!.GetValue<string>())));
    }

    /// <summary>Stored by the run, computed of soft maps, computed of label maps: always the counts of the labels themselves.</summary>
    [Theory]
    [InlineData("maps", "near")]
    [InlineData("maps", "spilling")]
    [InlineData("masks", "masks")]
    public async Task Scores_OfASource_AreThoseOfItsLabels(string kind, string which)
    {
        var folder = which == "near" ? World.Near : which == "spilling" ? World.Spilling : World.Masks;
        var answer = await _fixture.Client.GetAsync($"/api/compare/{kind}:{folder.Id}/scores?threshold=0.4");
        var scores = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        var total = new ConfusionMatrix(World.Labels.Count);
        foreach (var (sample, image) in World.Samples.Zip(scores["images"]!.AsArray()))
        {
            var maps = kind == "maps" ? SoftCamFile.Read(SoftCamFile.PathOf(folder.Cams, sample.Id)) : null;
            var labels = maps is null ? ImageFile.ReadLabels(Path.Combine(folder.Masks, $"{sample.Id}.png")) : SeedLabels.FromCam(maps.Maps,
                maps.Classes, maps.Width, maps.Height, 0.4);
            var expected = new ConfusionMatrix(World.Labels.Count);
            expected.Add(ImageFile.ReadLabels(sample.MaskPath!), labels);
            total.Add(expected.ToSparse());
            Assert.Equal(sample.Id, image!["id"]!.GetValue<string>());
            Assert.Equal(expected.MeanIou, image["miou"]!.GetValue<double>());
        }

        Assert.Equal(total.MeanIou, scores["miou"]!.GetValue<double>());
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        // What an older run has not stored itself is computed once.
        Assert.Equal(which != "near", File.Exists(Path.Combine(_fixture.Server.Data.Cache, folder.Id, $"{kind}.sweep")));
    }

    /// <summary>A zero-shot run measures its masks only.</summary>
    [Fact]
    public async Task Scores_OfMapsThatWereNeverSwept_AreThoseOfTheirBestThreshold()
    {
        async Task<double> MiouAt(string query) =>
            JsonNode.Parse(await _fixture.Client.GetStringAsync($"/api/compare/maps:{World.Masks.Id}/scores{query}"))!["miou"]!.GetValue<double>();

        var best = await MiouAt("");

        foreach (var threshold in new[] { 0.1, 0.3, 0.5, 0.7 })
            Assert.True(await MiouAt($"?threshold={threshold}") <= best);
        Assert.True(await MiouAt("?threshold=0.98") < best);
    }

    [Fact]
    public async Task Confusion_Cell_ListsItsImagesMostPixelsFirst()
    {
        var source = $"maps:{World.Spilling.Id}";
        var matrix = JsonNode.Parse(await _fixture.Client.GetStringAsync($"/api/compare/{source}/confusion"))!["pixels"]!.AsArray();
        var images = JsonNode.Parse(await _fixture.Client.GetStringAsync($"/api/compare/{source}/confusion/0/{FirstTag}"))!.AsArray();

        var pixels = images.Select(image => image!["pixels"]!.GetValue<long>()).ToList();
        Assert.NotEmpty(pixels);
        Assert.Equal(pixels.OrderDescending(), pixels);
        Assert.Equal(matrix[0]![FirstTag]!.GetValue<long>(), pixels.Sum());
    }

    [Fact]
    public async Task Disagreement_OfMapsAndTruth_IsTheShareOfDifferentPixels()
    {
        var shares = JsonNode.Parse(
            await _fixture.Client.GetStringAsync($"/api/compare/disagreement?a=maps:{World.Near.Id}&b=truth&thresholdA=0.4"))!.AsArray()
            .ToDictionary(image => image!["id"]!.GetValue<string>(), image => image!["share"]!.GetValue<double>());

        foreach (var sample in World.Samples)
        {
            var maps = SoftCamFile.Read(SoftCamFile.PathOf(World.Near.Cams, sample.Id));
            Assert.Equal(Disagreement.Share(SeedLabels.FromCam(maps.Maps, maps.Classes, maps.Width, maps.Height, 0.4),
                ImageFile.ReadLabels(sample.MaskPath!)), shares[sample.Id]);
        }
    }

    [Fact]
    public async Task Pictures_OfAnImage_AreWhatTheirNamesSay()
    {
        var sample = World.Samples[0];
        var truth = await _fixture.Client.GetByteArrayAsync($"/api/compare/{World.Near.Id}/truth/{sample.Id}");
        var image = await _fixture.Client.GetByteArrayAsync($"/api/compare/{World.Masks.Id}/images/{sample.Id}");
        var thumbnail = await _fixture.Client.GetAsync($"/api/compare/{World.Near.Id}/thumbnails/maps:{World.Near.Id}/{sample.Id}?threshold=0.4");
        var maps = await _fixture.Client.GetAsync($"/api/runs/{World.Near.Id}/files/cams/{sample.Id}.cam");

        Assert.Equal(ImageFile.ReadLabels(sample.MaskPath!).Labels, ImageFile.Decode(truth, "truth").ToLabels().Labels);
        Assert.Equal((48, 48), (ImageFile.DecodeRgb(image, "image").Width, ImageFile.DecodeRgb(image, "image").Height));
        Assert.Equal(48, ImageFile.DecodeRgb(await thumbnail.Content.ReadAsByteArrayAsync(), "thumbnail").Width);
        Assert.All([thumbnail, maps], answer => Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal));
        // Halves: two bytes a value; then a SHA-256.
        Assert.Equal(28 + sample.Tags.Count * (4 + 48 * 48 * 2) + 32, maps.Content.Headers.ContentLength);
    }

    /// <summary>A run from the command line may name any folder; a page may look into it only where that is allowed.</summary>
    [Fact]
    public async Task Images_OfADatasetByPath_AreShownInsideTheAllowedFoldersOnly()
    {
        var outside = Directory.CreateTempSubdirectory("outside-").FullName;
        try
        {
            CooccurrenceWorld.Make(Path.Combine(outside, "world"), train: 1, val: 6, size: 48);
            foreach (var (id, dataset, status) in new[]
            {
                ("20260102-000001-cam-inside", Path.Combine(_fixture.Server.Data.Path, "datasets", "small"), HttpStatusCode.OK),
                ("20260102-000002-cam-outside", Path.Combine(outside, "world"), HttpStatusCode.UnprocessableEntity),
            })
            {
                var folder = RunFolder.Create(_fixture.Server.Data.Run(id).Path, World.Near.ReadSpec() with { Id = id, Dataset = dataset });
                Directory.CreateDirectory(folder.Cams);
                File.Copy(SoftCamFile.PathOf(World.Near.Cams, World.Samples[0].Id), SoftCamFile.PathOf(folder.Cams, World.Samples[0].Id));
                File.Copy(World.Near.Events, folder.Events);
                await TemporaryData.Until(() => _fixture.Client.GetStringAsync("/api/compare/sources").Result.Contains(id), "the run to be indexed");

                var answer = await _fixture.Client.GetAsync($"/api/compare/{id}/images/{World.Samples[0].Id}");

                Assert.Equal(status, answer.StatusCode);
                if (status == HttpStatusCode.OK)
                    // Named by its folder, it still shares its images with the runs that name the data set.
                    Assert.Equal(HttpStatusCode.OK,
                        (await _fixture.Client.GetAsync(
                        $"/api/compare/disagreement?a=maps:{World.Near.Id}&b=maps:{id}&thresholdA=0.4&thresholdB=0.4")).StatusCode);
                else
                    Assert.Contains("Dashboard:Roots", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                Directory.Delete(folder.Path, recursive: true);
                await TemporaryData.Until(() => !_fixture.Client.GetStringAsync("/api/compare/sources").Result.Contains(id),
                    "the run to be forgotten");
            }
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    /// <summary>Blank on the split of its main score, right on the other: each is counted on its own images.</summary>
    [Fact]
    public async Task AnotherSplit_ThatARunHasMeasured_IsASourceOfItsOwn()
    {
        const string Id = "20260102-000003-pom-splits";
        var data = new DatasetCatalog(_fixture.Server.Data.Path).Open("small");
        var folder = RunFolder.Create(_fixture.Server.Data.Run(Id).Path, World.Masks.ReadSpec() with { Id = Id });
        Directory.CreateDirectory(folder.Masks);
        foreach (var sample in data.Samples("val"))
            ImageFile.WriteLabels(LabelMapScoring.PathOf(folder, sample.Id), new LabelMap(48, 48, new byte[48 * 48]));
        foreach (var sample in data.Samples("train"))
            File.Copy(sample.MaskPath!, LabelMapScoring.PathOf(folder, sample.Id));
        SplitSweepFile.Write(folder.LabelMapScores, SplitSweep.OfLabelMaps([.. data.Samples("val").Select(ScoredImage.Of)],
            image => ImageFile.ReadLabels(LabelMapScoring.PathOf(folder, image.Id)), World.Labels.Count));
        var measured = EventLogReader.ReadAll(World.Masks.Events).OfType<RunEvaluated>().Single();
        using (var log = new EventLogWriter(folder.Events, TimeProvider.System))
        {
            log.Append(measured);
            log.Append(measured with { Protocol = measured.Protocol with { Split = "train" } });
            log.Append(new RunFinished(1));
        }
        await TemporaryData.Until(() => _fixture.Client.GetStringAsync("/api/compare/sources").Result.Contains($"masks:{Id}@train"),
            "the run to be indexed");

        foreach (var (key, split, isRight) in new[] { ($"masks:{Id}", "val", false), ($"masks:{Id}@train", "train", true) })
        {
            var ids = data.Samples(split).Select(sample => sample.Id).ToList();
            var scores = JsonNode.Parse(await _fixture.Client.GetStringAsync($"/api/compare/{key}/scores"))!;
            Assert.Equal(ids.Order(), scores["images"]!.AsArray().Select(image => image!["id"]!.GetValue<string>()).Order());
            Assert.Equal(isRight, scores["miou"]!.GetValue<double>() == 1);
            foreach (var picture in (string[])["images", "truth", $"thumbnails/{key}"])
                Assert.Equal(HttpStatusCode.OK, (await _fixture.Client.GetAsync($"/api/compare/{key}/{picture}/{ids[0]}")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound,
            (await _fixture.Client.GetAsync($"/api/compare/{Id}/images/{data.Samples("train")[0].Id}")).StatusCode);

        Directory.Delete(folder.Path, recursive: true);
        await TemporaryData.Until(() => !_fixture.Client.GetStringAsync("/api/compare/sources").Result.Contains(Id), "the run to be forgotten");
    }

    [Theory]
    [InlineData("/api/compare/maps:nosuch/scores")]
    [InlineData("/api/compare/truth/scores")]
    [InlineData("/api/compare/nosuch/images/x")]
    [InlineData("/api/compare/{run}/images/nosuch")]
    [InlineData("/api/compare/{run}/truth/..%2F..%2Fspec.json")]
    [InlineData("/api/compare/{run}/thumbnails/nosuch/x")]
    [InlineData("/api/compare/disagreement?a=maps:{run}&b=maps:nosuch")]
    public async Task Addresses_OfNothing_AnswerNotFound(string path)
    {
        var answer = await _fixture.GetRawAsync(path.Replace("{run}", World.Near.Id, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    private static int FirstTag => World.Samples[0].Tags[0] + 1;
}
