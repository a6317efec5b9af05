using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Pretrained;

/// <summary>Which models are there, under which names, and who is told.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class ModelCatalogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder.File("data");

    private ModelCatalog Open() => new(Data, _folder.File("shipped"));

    [Fact]
    public void Add_Model_IsSeenByAnotherCatalogueUntilRemoved()
    {
        var other = Open();
        Assert.Empty(other.List());
        var added = Open().Add(SmallClip.Write(_folder.File("small")), "mine");

        Assert.Equal([added], other.List());
        Assert.Equal(added, other.Find("MINE"));
        other.Remove("mine");

        Assert.Empty(Open().List());
        Assert.True(File.Exists(_folder.File("small/model.safetensors")));
    }

    [Fact]
    public void List_CatalogueFromBeforeThereWereReports_StillOpens()
    {
        var added = Open().Add(SmallClip.Write(_folder.File("small")));
        var file = _folder.File("data/models.json");
        var entries = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!.AsArray();
        Assert.True(entries[0]!["model"]!.AsObject().Remove("import"));
        File.WriteAllText(file, entries.ToJsonString());

        Assert.Equal([added with { Import = null }], Open().List());
        Assert.Equal(added, Open().Add(added.Path));
    }

    [Fact]
    public void Add_TakenOrBadName_IsRefused()
    {
        SmallClip.Write(_folder.File("shipped/cooccurrence"));
        var (one, two) = (SmallClip.Write(_folder.File("one")), SmallClip.Write(_folder.File("two")));
        var catalog = Open();
        catalog.Add(one, "mine");

        Assert.Contains("taken", Assert.Throws<ModelException>(() => catalog.Add(two, "Mine")).Message, StringComparison.Ordinal);
        Assert.Contains("taken", Assert.Throws<ModelException>(() => catalog.Add(two, "cooccurrence")).Message, StringComparison.Ordinal);
        Assert.Contains("letters", Assert.Throws<ModelException>(() => catalog.Add(two, "../two")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_SameNameAndPathAgain_ReadsItAnew()
    {
        var path = SmallClip.Write(_folder.File("small"));
        var before = Open().Add(path);
        SmallClip.Write(path, alter: tensors => tensors["logit_scale"] = TensorData.Of([4f], []));
        File.SetLastWriteTimeUtc(Path.Combine(path, "model.safetensors"), new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Contains("changed since it was added", Assert.Throws<ModelException>(() => Open().Find("small")).Message, StringComparison.Ordinal);

        var after = Open().Add(path);

        Assert.NotEqual(before.Sha256, after.Sha256);
        Assert.Equal([after], Open().List());
    }

    [Fact]
    public void List_FileGone_SaysSo()
    {
        var path = SmallClip.Write(_folder.File("small"));
        Open().Add(path);
        File.Delete(Path.Combine(path, "merges.txt"));
        Assert.Contains("merges.txt is gone", Open().List()[0].Unavailable, StringComparison.Ordinal);
        Directory.Delete(path, recursive: true);
        Assert.Contains("is gone", Open().List()[0].Unavailable, StringComparison.Ordinal);
        Assert.Contains("is gone", Assert.Throws<ModelException>(() => Open().Find("small")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_BuiltInFirst_AndADamagedOneSaysWhy()
    {
        var shipped = SmallClip.Write(_folder.File("shipped/zoo"));
        SmallClip.Write(_folder.File("shipped/bad"), alter: tensors => tensors.Remove("ln_final.bias"));
        var catalog = Open();
        catalog.Add(SmallClip.Write(_folder.File("added")));

        var models = catalog.List();

        Assert.Equal(["bad", "zoo", "added"], models.Select(model => model.Name));
        Assert.Equal([true, true, false], models.Select(model => model.IsBuiltIn));
        Assert.Contains("ln_final.bias", models[0].Unavailable, StringComparison.Ordinal);
        Assert.Equal((shipped, (string?)null), (catalog.Find("zoo").Path, models[1].Unavailable));
        Assert.Contains("ships with the project", Assert.Throws<ModelException>(() => catalog.Remove("zoo")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_Path_NeedsNoName()
    {
        var path = SmallClip.Write(_folder.File("small"));
        Assert.Equal((path, 8), (Open().Find(path).Name, Open().Find(path).EmbeddingSize));
    }

    [Fact]
    public void Find_Unknown_ListsTheKnownOnes()
    {
        SmallClip.Write(_folder.File("shipped/zoo"));
        Assert.Contains("Known: zoo", Assert.Throws<ModelException>(() => Open().Find("nosuch")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ClipOfUnknownActivation_IsTakenAndNotUsedBeforeItIsTold()
    {
        var path = SmallClip.Write(_folder.File("small"), activation: null);
        var untold = Open().Add(path);
        Assert.Equal((SmallClip.Tensors().Count, true), (untold.Import!.Loaded, untold.LacksActivation));
        foreach (var nameOrPath in new[] { "small", path })
        {
            Assert.Contains("activation: quickgelu for OpenAI's", Assert.Throws<ModelException>(() => Open().Find(nameOrPath)).Message,
                StringComparison.Ordinal);
            Assert.Contains("--activation quickgelu", Open().Fault(nameOrPath, mustBeClip: true, open: true), StringComparison.Ordinal);
        }

        var told = Open().Add(path, activation: ClipActivation.Gelu);

        Assert.Equal((ClipActivation.Gelu, false), (Open().Find("small").Activation, told.LacksActivation));
        using var clip = LoadedClip.Open(Open().Find("small"), TorchSharp.torch.CPU);
        Assert.False(clip.Model.Shape.QuickGelu);
    }

    [Fact]
    public void Add_ActivationThatTheFileTellsOtherwise_IsRefused()
    {
        var path = SmallClip.Write(_folder.File("small"), activation: "gelu");
        Assert.Contains("says that it was trained with GELU, not QuickGELU",
            Assert.Throws<ModelException>(() => Open().Add(path, activation: ClipActivation.QuickGelu)).Message, StringComparison.Ordinal);
        Assert.Equal(ClipActivation.Gelu, Open().Add(path).Activation);
        var simSeg = SmallSimSeg.Write(_folder.File("simseg"));
        Assert.Contains("only a CLIP", Assert.Throws<ModelException>(() => Open().Add(simSeg, activation: ClipActivation.Gelu)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>As OpenAI publishes its models.</summary>
    [Fact]
    public void Add_TorchScript_IsOfQuickGelu()
    {
        var path = SmallClip.Write(_folder.File("small"));
        var script = new Weights.PickledFile();
        var file = script.Save(Path.Combine(path, "script.pt"),
            Weights.PickledFile.Instance("__torch__", "CLIP", script.Tensors(SmallClip.Tensors())), script: true);
        Assert.Equal((ClipActivation.QuickGelu, false), (Open().Add(file).Activation, Open().Add(file).LacksActivation));
    }

    /// <summary>A state dict of Hugging Face's whose configuration lies beside it.</summary>
    [Fact]
    public void Add_FileBesideItsConfiguration_IsAsThatSays()
    {
        var path = SmallClip.Write(_folder.File("small"));
        var file = Path.Combine(path, "model.safetensors");
        SafetensorsFile.Write(file, ClipNames.ToHuggingFace(SmallClip.Tensors()));
        File.WriteAllText(Path.Combine(path, "config.json"), """{"text_config": {"num_attention_heads": 2, "hidden_act": "gelu"}, "vision_config": {"num_attention_heads": 2, "hidden_act": "gelu"}}""");
        Assert.Equal(ClipActivation.Gelu, Open().Add(file).Activation);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[{}]")]
    [InlineData("[null]")]
    public void List_DamagedCatalogue_IsNamed(string content)
    {
        _folder.Write("data/models.json", content);
        Assert.Contains("models.json cannot be read", Assert.Throws<ModelException>(() => Open().List()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_AdditionByAnother_IsTold()
    {
        var told = new TaskCompletionSource();
        using var subscription = Open().Subscribe(() => told.TrySetResult(), TimeProvider.System);
        Open().Add(SmallClip.Write(_folder.File("small")));
        await told.Task.WaitAsync(TimeSpan.FromMinutes(5));
    }

    /// <summary>Whoever has listed the models in between would show one that is gone.</summary>
    [Fact]
    public async Task Subscribe_AddedAndRemovedBetweenTwoLooks_IsTold()
    {
        var path = SmallClip.Write(_folder.File("small"));
        var told = new TaskCompletionSource();
        using var subscription = Open().Subscribe(() => told.TrySetResult(), TimeProvider.System);
        Open().Remove(Open().Add(path).Name);
        await told.Task.WaitAsync(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Add_ManyAtOnce_LosesNone()
    {
        var paths = Enumerable.Range(0, 8).Select(i => SmallClip.Write(_folder.File($"m{i}"))).ToList();
        await Task.WhenAll(paths.Select(path => Task.Run(() => Open().Add(path))));
        Assert.Equal(8, Open().List().Count);
    }
}
