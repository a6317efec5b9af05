using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Golden;
using Dashboard.Tests.Text;

namespace Dashboard.Tests.Pretrained;

/// <summary>What the catalogue says of a CLIP's file when it is added.</summary>
public sealed class ModelInspectionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ModelCatalog Open() => new(_folder.File("data"), _folder.File("shipped"));

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
    public void Add_ModifiedResNet_IsRecognised() =>
        Assert.Equal("ModifiedResNet",
            Open().Add(GoldenCases.All().First(golden => golden is { Subject: "clip-rn", Name: "weights-in-files" }).File("model.safetensors"),
            "rn").Tower);

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
        var path = SmallClip.Write(_folder.File("odd"),
            alter: tensors => tensors["visual.transformer.resblocks.0.mlp.c_fc.weight"] = TensorData.Of(new float[7], 7));
        Assert.Contains("'visual.transformer.resblocks.0.mlp.c_fc.weight' has the shape [7], but [64, 16] is expected", Refused(path),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ForeignTensor_IsNamed() =>
        Assert.Contains("classifier.weight",
            Refused(SmallClip.Write(_folder.File("more"), alter: tensors => tensors["classifier.weight"] = TensorData.Of(new float[7], 7))),
            StringComparison.Ordinal);

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
        Assert.Contains("The file is truncated", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AnythingElse_IsRefused()
    {
        Assert.Contains("does not exist", Refused(_folder.File("nowhere")), StringComparison.Ordinal);
        Assert.Contains("neither a safetensors file nor", Refused(_folder.Write("notes.txt", "The quick brown fox jumps")), StringComparison.Ordinal);
        Assert.Contains("model.safetensors", Refused(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("no CLIP", Refused(SmallClip.Write(_folder.File("resnet"), alter: tensors => tensors.Remove("token_embedding.weight"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Add_VocabularyOfAnotherSize_IsNamedWithBothSizes()
    {
        var path = SmallClip.Write(_folder.File("small"), vocabulary: false);
        var merges = _folder.Write("other.txt", "#version\na b\n");
        var error = Assert.Throws<ModelException>(() => Open().Add(path, vocabulary: merges));
        Assert.Contains($"{merges} has 515 symbols, but the model has 519", error.Message, StringComparison.Ordinal);

        File.Copy(merges, Path.Combine(path, "merges.txt"));
        Assert.Contains("515 symbols", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_VocabularyElsewhere_IsTaken()
    {
        var merges = Path.Combine(SmallClip.Write(_folder.File("a")), "merges.txt");
        Assert.Equal(merges, Open().Add(SmallClip.Write(_folder.File("b"), vocabulary: false), vocabulary: merges).Vocabulary);
    }

    private string Refused(string path) => Assert.Throws<ModelException>(() => Open().Add(path)).Message;
}
