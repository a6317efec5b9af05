using TorchSharp;
using static Dashboard.Tests.Torch.Reference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Torch.Modules;

[Collection(GeneratorCollection.Name)]
public class StateTests
{
    private static Dictionary<string, byte[]> Bytes(Module module)
        => module.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());

    [Fact]
    public void StateDict_HasParametersThenPersistentBuffers()
    {
        using var net = new TwoBranches();
        net.register_buffer("scratch", zeros(1), persistent: false);

        var expected = net.named_parameters().Select(named => named.name).Concat(
            ["mean", "features.norm.running_mean", "features.norm.running_var", "features.norm.num_batches_tracked"]);
        Assert.Equal(expected, net.state_dict().Keys);
        Assert.Equal("net.scale", net.state_dict(prefix: "net").Keys.First());
    }

    [Fact]
    public void LoadStateDict_OfATwin_CopiesEverythingBitForBit()
    {
        using var scope = NewDisposeScope();
        using var trained = new TwoBranches();
        using var fresh = new TwoBranches();
        trained.call(Pattern(2, 3, 4, 4));
        using (no_grad())
            trained.Scale.fill_(3);

        var (missing, unexpected) = fresh.load_state_dict(trained.state_dict());

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Equal(Bytes(trained), Bytes(fresh));
        Assert.True(fresh.Scale.requires_grad);
    }

    [Fact]
    public void LoadStateDict_NamesDiffer_StrictNamesThemAndCopiesNothing_LenientReturnsThem()
    {
        using var scope = NewDisposeScope();
        using var net = Linear(2, 1);
        var before = Bytes(net);
        var source = new Dictionary<string, Tensor> { ["weight"] = ones(1, 2), ["extra"] = ones(1) };

        var message = Assert.Throws<InvalidOperationException>(() => net.load_state_dict(source)).Message;
        Assert.Contains("missing bias", message);
        Assert.Contains("unexpected extra", message);
        Assert.Equal(before, Bytes(net));

        var (missing, unexpected) = net.load_state_dict(source, strict: false);
        Assert.Equal(["bias"], missing);
        Assert.Equal(["extra"], unexpected);
        Assert.Equal([1f, 1f], Values(net.weight));

        net.load_state_dict(new() { ["weight"] = zeros(1, 2), ["bias"] = zeros(1) }, skip: ["weight"]);
        Assert.Equal([1f, 1f], Values(net.weight));
        Assert.Equal([0f], Values(net.bias!));
    }

    [Fact]
    public void LoadStateDict_ShapesDiffer_NamesTheTensor()
    {
        using var scope = NewDisposeScope();
        using var net = Linear(2, 1);

        var message = Assert.Throws<InvalidOperationException>(() => net.load_state_dict(new() { ["weight"] = ones(3, 2), ["bias"] = ones(1) })).Message;

        Assert.Contains("weight has shape [3, 2], expected [1, 2]", message);
    }

    [Fact]
    public void SaveAndLoad_File_IsBitIdentical()
    {
        using var scope = NewDisposeScope();
        var file = Path.GetTempFileName();
        try
        {
            using var saved = new TwoBranches();
            saved.call(Pattern(2, 3, 4, 4));
            using var loaded = new TwoBranches();

            saved.save(file);
            loaded.load(file);

            Assert.Equal(Bytes(saved), Bytes(loaded));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Save_WritesTorchsharpsFormat()
    {
        using var net = Linear(2, 1, hasBias: false);
        using (no_grad())
            net.weight.copy_(tensor(new[,] { { 1f, -2f } }));
        using var stream = new MemoryStream();

        net.save(stream);

        // One entry, its name, element type 6 (float32), two dimensions 1 and 2, the elements.
        byte[] expected = [1, 6, .. "weight"u8, 6, 2, 1, 2, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-2f)];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void Load_UnknownEntry_StrictIsRefused_LenientPassesOverIt()
    {
        using var source = new MemoryStream();
        using (var wide = Sequential(("a", Linear(3, 2)), ("b", Linear(2, 1))))
            wide.save(source);
        using var net = Sequential(("b", Linear(2, 1)));
        var before = Bytes(net);

        Assert.Throws<ArgumentException>(() => net.load(new BinaryReader(new MemoryStream(source.ToArray()))));
        var loaded = new Dictionary<string, bool>();
        net.load(new BinaryReader(new MemoryStream(source.ToArray())), strict: false, loadedParameters: loaded);

        Assert.Equal(new() { ["a.weight"] = false, ["a.bias"] = false, ["b.weight"] = true, ["b.bias"] = true }, loaded);
        Assert.NotEqual(before["b.weight"], Bytes(net)["b.weight"]);
    }

    [Fact]
    public void Load_CutOffStream_Throws()
    {
        using var source = new MemoryStream();
        using var net = Linear(8, 8);
        net.save(source);

        Assert.Throws<EndOfStreamException>(() => net.load(new BinaryReader(new MemoryStream(source.ToArray()[..100]))));
    }

    [Fact]
    public void Load_CutOffFile_NamesTheFile()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var net = Linear(8, 8);
            net.save(file);
            using (var stream = File.OpenWrite(file))
                stream.SetLength(100);

            Assert.Contains(file, Assert.Throws<InvalidDataException>(() => net.load(file)).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Load_OtherShape_SaysBoth()
    {
        using var source = new MemoryStream();
        using (var other = Linear(3, 1))
            other.save(source);
        using var net = Linear(2, 1);

        var message = Assert.Throws<ArgumentException>(() => net.load(new BinaryReader(new MemoryStream(source.ToArray())))).Message;

        Assert.Contains("[1, 3]", message);
        Assert.Contains("[1, 2]", message);
    }
}
