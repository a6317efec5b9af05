using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Pretrained;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Inference;

/// <summary>What the inference process finds out about a model. The real one answers all tests.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class ModelChecksTests(ModelChecksTests.SmallModel models) : IClassFixture<ModelChecksTests.SmallModel>
{
    [Fact]
    public async Task SelfTest_SoundModel_PassesEveryCheck()
    {
        var report = await models.Client.AskAsync(new SelfTestRequest("small"));

        Assert.True(report.Passed, string.Join('\n', report.Checks));
        Assert.Equal(
            ["Loads", "Tokeniser", "Image features", "Text features", "Length one", "Pictures in any order", "Texts in any order", "Pictures differ",
                "Texts differ", "Temperature"],
            report.Checks.Select(check => check.Name));
        Assert.True(report.LoadSeconds > 0 && report.EncodeSeconds > 0);
    }

    [Fact]
    public async Task SelfTest_ModelWithoutVocabulary_TestsItsTowers()
    {
        var report = await models.Client.AskAsync(new SelfTestRequest(SmallClip.Write(models.Folder.File("mute"), vocabulary: false)));
        Assert.True(report.Passed, string.Join('\n', report.Checks));
        Assert.Contains("no vocabulary", report.Checks.Single(check => check.Name == "Tokeniser").Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SelfTest_ModelThatKnowsNoTexts_FailsThere()
    {
        // Without embeddings of tokens and positions every text is the same.
        var path = SmallClip.Write(models.Folder.File("deaf"), alter: tensors =>
        {
            foreach (var name in new[] { "token_embedding.weight", "positional_embedding" })
                tensors[name] = TensorData.Of(new float[tensors[name].Count], tensors[name].Shape);
        });

        var report = await models.Client.AskAsync(new SelfTestRequest(path));

        Assert.Equal(["Texts differ"], report.Checks.Where(check => !check.Passed).Select(check => check.Name));
        Assert.False(report.Passed);
    }

    [Fact]
    public async Task SelfTest_WeightsThatOverflow_FailsAtTheFeatures()
    {
        var path = SmallClip.Write(models.Folder.File("huge"),
            alter: tensors => tensors["visual.proj"] = TensorData.Of([.. Enumerable.Repeat(3e38f, 16 * 8)], 16, 8));
        var report = await models.Client.AskAsync(new SelfTestRequest(path));
        Assert.Contains(report.Checks, check => check is { Name: "Image features", Passed: false });
    }

    [Fact]
    public async Task PromptCheck_ClassesAndBackgrounds_GivesTheirCosines()
    {
        var request = new PromptCheckRequest("small", "the {}", [new("cat", ["cat"]), new("dog", ["dog", "cat"])], ["mat", "cat"],
            new Dictionary<string, IReadOnlyList<string>> { ["dog"] = ["sea"] });

        var report = await models.Client.AskAsync(request);

        Assert.Equal((12, 4), (report.ContextLength, report.Prompts.Count));
        Assert.Equal(["the cat", "the dog", "the mat", "the sea"], report.Prompts.Select(prompt => prompt.Text));
        Assert.Equal(4, report.Prompts[0].Tokens);
        Assert.Equal(["mat", "cat", "sea"], report.Backgrounds);
        Assert.Equal([[true, true, false], [true, true, true]], report.Related);
        Assert.Equal(1, report.ClassClass[0][0]!.Value, 5);
        Assert.Equal(report.ClassClass[0][1], report.ClassClass[1][0]);
        Assert.Equal(1, report.ClassBackground[0][1]!.Value, 5);

        // A class's features are the average of its words', of length one: by the model itself.
        using var clip = LoadedClip.Open(new ModelCatalog(models.Data.Path).Find("small"), TorchSharp.torch.CPU);
        using var texts = clip.Texts(["the cat", "the dog", "the sea"]);
        var rows = texts.data<float>().ToArray().Chunk(8).ToList();
        var dog = rows[1].Zip(rows[0], (a, b) => a + b).ToArray();
        var expected = dog.Zip(rows[2], (a, b) => a * b).Sum() / Math.Sqrt(dog.Sum(value => value * value));
        Assert.Equal(expected, report.ClassBackground[1][2]!.Value, 5);
    }

    [Fact]
    public async Task PromptCheck_PromptTooLong_IsNamedAndLeftOut()
    {
        var words = new string('x', 30);
        var report =
            await models.Client.AskAsync(new PromptCheckRequest("small", "{}", [new("cat", ["cat"]), new("long", [words])], ["cat"],
                new Dictionary<string, IReadOnlyList<string>>()));
        Assert.Equal(new CheckedPrompt(words, words, 32, true), report.Prompts[1]);
        Assert.Equal(
            [[1], [null]], report.ClassBackground.Select(row => row.Select(value => value is null ? (double?)null : Math.Round(value.Value, 4))));
    }

    public sealed class SmallModel : IAsyncLifetime
    {
        public SmallModel()
        {
            Data = new DataFolder(Folder.File("data"));
            Client = new InferenceClient(Data, new DashboardProgram([TestProgram.Path, "--data", Data.Path]), new ManualTime());
            new ModelCatalog(Data.Path).Add(SmallClip.Write(Folder.File("small")));
        }

        internal TempFolder Folder { get; } = new();

        internal DataFolder Data { get; }

        internal InferenceClient Client { get; }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            await Client.DisposeAsync();
            Folder.Dispose();
        }
    }
}
