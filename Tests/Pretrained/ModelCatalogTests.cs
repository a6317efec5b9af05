using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Pretrained;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Golden;
using Dashboard.Tests.Text;

namespace Dashboard.Tests.Pretrained;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Data => _folder.File("data");

    private ModelCatalog Open() => new(Data, _folder.File("shipped"));

    [Fact]
    public void Add_Folder_ReadsItsFactsAndFindsItsVocabulary()
    {
        var path = SmallClip.Write(_folder.File("small"));

        var model = Open().Add(path);

        Assert.Equal(("small", "CLIP", "ViT, patch 8", 16, 8), (model.Name, model.Kind, model.Tower, model.Resolution, model.EmbeddingSize));
        Assert.Equal(SmallClip.Tensors().Values.Sum(tensor => tensor.Count), model.Parameters);
        var file = Path.Combine(path, "model.safetensors");
        Assert.Equal(new FileInfo(file).Length, model.Bytes);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))), model.Sha256);
        Assert.Equal(Path.Combine(path, "merges.txt"), model.Vocabulary);
        Assert.False(model.IsBuiltIn);
        Assert.Null(model.Unavailable);
    }

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

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model_jit_fp16.pt")]
    [InlineData("model_state_dict.pt")]
    public void Add_FileOfAnyFormat_HasTheSameFacts(string name)
    {
        var published = GoldenCases.All().First(golden => golden is { Subject: "clip-vit", Name: "weights-in-files" });

        var model = Open().Add(published.File(name), "published");

        using var reference = CheckpointFile.Open(published.File("model.safetensors"));
        Assert.Equal(("ViT, patch 8", 32, reference.Tensors.Values.Sum(tensor => tensor.Count)), (model.Tower, model.Resolution, model.Parameters));
        Assert.Null(model.Vocabulary);
    }

    [Fact]
    public void Add_Clip_ReportsWhichTensorsItTook()
    {
        var whole = Open().Add(SmallClip.Write(_folder.File("small")));
        Assert.Equal(new ImportReport(SmallClip.Tensors().Count, [], [], []), whole.Import);

        var settled = Open().Add(SmallClip.Write(_folder.File("settled"), alter: tensors => tensors["input_resolution"] = TensorData.Of([16f], [])));
        Assert.Equal(new ImportReport(SmallClip.Tensors().Count, [], [], ["input_resolution"]), settled.Import);
        Assert.Equal([settled, whole], Open().List());
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
    public void Add_ModifiedResNet_IsRecognised() =>
        Assert.Equal("ModifiedResNet", Open().Add(GoldenCases.All().First(golden => golden is { Subject: "clip-rn", Name: "weights-in-files" }).File("model.safetensors"), "rn").Tower);

    [Fact]
    public void Add_HuggingFaceFolder_TakesBothVocabularyFiles()
    {
        var path = SmallClip.Write(_folder.File("hf"));
        SafetensorsFile.Write(Path.Combine(path, "model.safetensors"), ClipNames.ToHuggingFace(SmallClip.Tensors()));
        _folder.Write("hf/config.json", """{"text_config": {"num_attention_heads": 2}, "vision_config": {"num_attention_heads": 2}}""");
        _folder.Write("hf/vocab.json", System.Text.Json.JsonSerializer.Serialize(SmallVocabulary.Vocabulary.Ids));

        var model = Open().Add(path);

        Assert.Equal((path, "hf", 16), (model.Vocabulary, model.Name, model.Resolution));
    }

    [Theory]
    [InlineData("visual.ln_post.bias")]
    [InlineData("transformer.resblocks.0.mlp.c_proj.weight")]
    public void Add_TensorMissing_IsNamed(string name)
    {
        var path = SmallClip.Write(_folder.File("cut"), alter: tensors => tensors.Remove(name));
        Assert.Contains(name, Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_TensorOfAnotherShape_IsNamed()
    {
        var path = SmallClip.Write(_folder.File("odd"), alter: tensors => tensors["visual.transformer.resblocks.0.mlp.c_fc.weight"] = TensorData.Of(new float[7], 7));
        Assert.Contains("'visual.transformer.resblocks.0.mlp.c_fc.weight' has the shape [7], [64, 16] is expected", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ForeignTensor_IsNamed() =>
        Assert.Contains("classifier.weight", Refused(SmallClip.Write(_folder.File("more"), alter: tensors => tensors["classifier.weight"] = TensorData.Of(new float[7], 7))), StringComparison.Ordinal);

    [Fact]
    public void Add_ValueThatIsNoNumber_IsNamed() =>
        Assert.Contains("'ln_final.bias' holds NaN at position 3", Refused(SmallClip.Write(_folder.File("nan"), alter: tensors =>
        {
            var values = new float[16];
            values[3] = float.NaN;
            tensors["ln_final.bias"] = TensorData.Of(values, 16);
        })), StringComparison.Ordinal);

    [Fact]
    public void Add_CutFile_SaysWhere()
    {
        var path = Path.Combine(SmallClip.Write(_folder.File("cut")), "model.safetensors");
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length / 2);
        Assert.Contains("The file is cut", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AnythingElse_IsRefused()
    {
        Assert.Contains("does not exist", Refused(_folder.File("nowhere")), StringComparison.Ordinal);
        Assert.Contains("neither a safetensors file nor", Refused(_folder.Write("notes.txt", "The quick brown fox jumps")), StringComparison.Ordinal);
        Assert.Contains("model.safetensors", Refused(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("no CLIP", Refused(SmallClip.Write(_folder.File("resnet"), alter: tensors => tensors.Remove("token_embedding.weight"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_VocabularyOfAnotherSize_IsNamedWithBothSizes()
    {
        var path = SmallClip.Write(_folder.File("small"), vocabulary: false);
        var merges = _folder.Write("other.txt", "#version\na b\n");
        var error = Assert.Throws<ModelException>(() => Open().Add(path, vocabulary: merges));
        Assert.Contains($"{merges} has 515 symbols, the model 519", error.Message, StringComparison.Ordinal);

        File.Copy(merges, Path.Combine(path, "merges.txt"));
        Assert.Contains("515 symbols", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_VocabularyElsewhere_IsTaken()
    {
        var merges = Path.Combine(SmallClip.Write(_folder.File("a")), "merges.txt");
        Assert.Equal(merges, Open().Add(SmallClip.Write(_folder.File("b"), vocabulary: false), vocabulary: merges).Vocabulary);
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

    private string Refused(string path) => Assert.Throws<ModelException>(() => Open().Add(path)).Message;
}
