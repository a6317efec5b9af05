using System.Text.Json;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Pretrained;

namespace Dashboard.Tests.Cli;

public sealed class ModelCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Model_AddedListedTestedRemoved()
    {
        var path = SmallClip.Write(_folder.File("small"));

        var added = await Shell.CallAsync("model", "add", path, "--name", "mine", "--json", "--data", _folder.File("data"));
        var listed = await AskAsync("list", "--json");
        var tested = await AskAsync("test", "mine", "--json");
        var removed = await AskAsync("remove", "mine");
        var gone = await AskAsync("test", "mine");

        Assert.Equal((0, 0, 0, 0, 1), (added.ExitCode, listed.ExitCode, tested.ExitCode, removed.ExitCode, gone.ExitCode));
        Assert.Equal("ViT, patch 8", Json(added).GetProperty("tower").GetString());
        Assert.Equal(SmallClip.Tensors().Count, Json(added).GetProperty("import").GetProperty("loaded").GetInt32());
        Assert.Contains("mine", Json(listed).GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        Assert.True(Json(tested).GetProperty("passed").GetBoolean());
        Assert.Contains("There is no model 'mine'", gone.Error);
        Assert.True(File.Exists(Path.Combine(path, "model.safetensors")));
    }

    [Fact]
    public async Task ModelAdd_SimSeg_SaysWhichTensorsItTook()
    {
        var path = SmallSimSeg.Write(_folder.File("simseg"), tensors =>
        {
            tensors.Remove("loss.temperature");
            tensors["image_queue"] = Dashboard.Backend.Weights.TensorData.Of(new float[3], 3);
        });

        var said = await AskAsync("add", path);
        var listed = await AskAsync("list", "--json");

        Assert.Equal(0, said.ExitCode);
        Assert.Contains("tensors taken; missing: temperature; unexpected: image_queue; not needed: none.", said.Output);
        var import = Json(listed).GetProperty("models").EnumerateArray().Single(model =>
            model.GetProperty("name").GetString() == "simseg").GetProperty("import");
        Assert.Equal(("temperature", "image_queue", 0),
            (import.GetProperty("missing")[0].GetString(), import.GetProperty("unexpected")[0].GetString(),
            import.GetProperty("unused").GetArrayLength()));
    }

    [Fact]
    public async Task ModelAdd_SimSegWithoutANorm_IsRefusedWithItsKey()
    {
        var answer = await AskAsync("add",
            SmallSimSeg.Write(_folder.File("cut"), tensors => tensors.Remove("image_encoder.model.model.blocks.0.norm1.weight")));
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("image_encoder.blocks.0.norm1.weight", answer.Error);
    }

    [Fact]
    public async Task ModelAdd_DamagedFile_IsNamedWithExitCode1()
    {
        var path = SmallClip.Write(_folder.File("small"), alter: tensors => tensors.Remove("ln_final.bias"));
        var answer = await AskAsync("add", path);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(Path.Combine(path, "model.safetensors"), answer.Error);
        Assert.Contains("ln_final.bias", answer.Error);
    }

    [Fact]
    public async Task ModelAdd_ClipThatDoesNotTellItsActivation_AsksForItAndTakesIt()
    {
        var path = SmallClip.Write(_folder.File("small"), activation: null);

        var asked = await AskAsync("add", path);
        var refused = await AskAsync("test", "small");
        var told = await AskAsync("add", path, "--activation", "gelu", "--json");
        var tested = await AskAsync("test", "small");
        var wrong = await AskAsync("add", path, "--activation", "relu");

        Assert.Equal((0, 1, 0, 0, 2), (asked.ExitCode, refused.ExitCode, told.ExitCode, tested.ExitCode, wrong.ExitCode));
        Assert.Contains("NOT READY", asked.Output);
        Assert.Contains($"model add {path} --name small --activation quickgelu", asked.Output);
        Assert.Contains("does not tell whether", refused.Error);
        Assert.Equal("gelu", Json(told).GetProperty("activation").GetString());
    }

    [Fact]
    public async Task ModelAdd_WithoutPath_IsWrongUsage() => Assert.Equal(2, (await AskAsync("add")).ExitCode);

    [Fact]
    public async Task ModelTest_ThatFails_HasExitCode1()
    {
        var path = SmallClip.Write(_folder.File("blind"),
            alter: tensors => tensors["visual.proj"] = Dashboard.Backend.Weights.TensorData.Of(new float[16 * 8], 16, 8));
        var answer = await AskAsync("test", path);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("FAILED  Length one", answer.Output);
    }

    [Fact]
    public async Task ModelRemove_RunsThatNameIt_AreNamed()
    {
        await AskAsync("add", SmallClip.Write(_folder.File("small")));
        RecordedRun.Naming(new(_folder.File("data")), "20260102-030405-clims-uses", "small");

        var answer = await AskAsync("remove", "small");

        Assert.Contains("20260102-030405-clims-uses", answer.Output);
    }

    [Fact]
    public async Task Help_NamesNoHiddenCommand() =>
        Assert.DoesNotContain("inference", (await AskAsync("--help")).Output + (await Shell.AskAsync("--help")).Output);

    private Task<Shell.Answer> AskAsync(params string[] arguments) => Shell.AskAsync(["model", .. arguments, "--data", _folder.File("data")]);

    private static JsonElement Json(Shell.Answer answer) => JsonDocument.Parse(answer.LastLine).RootElement;
}
