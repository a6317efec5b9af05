using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Voc;
using Process = System.Diagnostics.Process;

namespace Dashboard.Tests.Web;

/// <summary>Data sets with faults, asked for by programs: one bad file takes nothing else away.</summary>
public sealed class DatasetApiTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Describe_OfListsThatAreNone_TellsOfTheOthers()
    {
        var root = await RegisterAsync("lists", folder =>
        {
            SmallVoc.Add(folder, "q0", ["cat"], [1]);
            SmallVoc.List(folder, "train", "q0.jpg");
            File.WriteAllBytes(folder.File("ImageSets/Segmentation/._train.txt"), [0, 5, 0x16, 7]);
            File.WriteAllBytes(folder.File("ImageSets/Segmentation/notes.txt"), [0, 5, 0x16, 7]);
            folder.Write("dataset.json", """{ "name": "pets", "classes": ["background", "cat"] }""");
        });

        var described = JsonNode.Parse(await fixture.Client.GetStringAsync("/api/datasets/lists"))!;

        Assert.Equal("""{"train":1}""", described["splits"]!.ToJsonString());
        Assert.Equal("""["cat"]""", described["classes"]!.ToJsonString());
        Assert.Contains("notes.txt: line 1 has a NUL character", described["unreadable"]!["notes"]!.GetValue<string>());
        Assert.Contains("label 1 is 'cat'", described["notes"]![0]!.GetValue<string>());
        Assert.Contains(root, described["root"]!.GetValue<string>());
    }

    [Fact]
    public async Task Image_ThatIsANamedPipe_IsRefusedInsteadOfWaitedFor()
    {
        await RegisterAsync("pipes", folder =>
        {
            SmallVoc.Add(folder, "q0", ["cat"], [1]);
            SmallVoc.List(folder, "train", "q0");
            folder.Write("dataset.json", """{ "name": "pets", "classes": ["cat"] }""");
            foreach (var file in (string[])["JPEGImages/q0.jpg", "SegmentationClass/q0.png"])
            {
                File.Delete(folder.File(file));
                using var made = Process.Start("mkfifo", folder.File(file));
                made.WaitForExit();
            }
        });

        foreach (var kind in (string[])["images", "masks"])
        {
            var answer = await fixture.Client.GetAsync($"/api/datasets/pipes/{kind}/q0?split=train");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains("a named pipe, not a file", await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Runs may name a folder instead of a data set; in an address its slashes are escaped.</summary>
    [Fact]
    public async Task Image_OfADataSetNamedByItsFolder_IsFound()
    {
        var root = await RegisterAsync("byfolder", folder =>
        {
            SmallVoc.Add(folder, "q0", ["cat"], [8]);
            SmallVoc.List(folder, "train", "q0");
        });

        foreach (var address in (string[])["images/q0", "masks/q0", "overlays/q0"])
        {
            var answer = await fixture.Client.GetAsync($"/api/datasets/{Uri.EscapeDataString(root)}/{address}?split=train");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private async Task<string> RegisterAsync(string name, Action<TempFolder> make)
    {
        using var folder = new TempFolder();
        make(folder);
        var root = Path.Combine(fixture.Server.Data.Path, name);
        Directory.Move(folder.Path, root);
        Directory.CreateDirectory(folder.Path);
        (await fixture.Client.PostAsJsonAsync("/api/datasets", new { name, path = root })).EnsureSuccessStatusCode();
        return root;
    }
}
