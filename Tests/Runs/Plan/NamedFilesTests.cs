using System.Text.Json.Nodes;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Pretrained;

namespace Dashboard.Tests.Runs.Plan;

/// <summary>Files and models that a request names are looked at before there is a run.</summary>
public sealed class NamedFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelCatalog _models;

    public NamedFilesTests()
    {
        _models = new ModelCatalog(_folder.File("data"));
        _models.Add(SmallClip.Write(_folder.File("small")));
        _models.Add(SmallClip.Write(_folder.File("mute"), vocabulary: false));
        _models.Add(SmallSimSeg.Write(_folder.File("simseg")));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zeroshot", "model")]
    [InlineData("clims", "clip")]
    [InlineData("clip", "initialModel")]
    [InlineData("simseg", "initialModel")]
    public void Submit_UnknownModel_NamesOptionAndKnownOnes(string method, string option)
    {
        Assert.Equal(
            $"{option}: There is no model 'smal'. Known: cooccurrence, cooccurrence-loda, small, mute, simseg. Add it on the Models page or with "
            + "'model add PATH', or give the path of a checkpoint, with a slash in it.",
            Refusal(method, option, "smal"));
        Assert.Contains($"{option}: There is no file or folder {_folder.File("nosuch.pt")}. Correct the path",
            Refusal(method, option, _folder.File("nosuch.pt")), StringComparison.Ordinal);
        Assert.Contains($"{option}: mute: there is no vocabulary beside", Refusal(method, option, "Mute"), StringComparison.Ordinal);
        Assert.Contains($"{option}: {_folder.File("mute")}: there is no vocabulary beside", Refusal(method, option, _folder.File("mute")),
            StringComparison.Ordinal);
        Assert.Contains($"{option}: {_folder.Write("notes.pt", "no checkpoint at all")}", Refusal(method, option, _folder.File("notes.pt")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_SimSegWhereAClipIsNeeded_IsRefused()
    {
        Assert.Contains("clip: simseg is a SimSeg model, but a CLIP is needed here", Refusal("clims", "clip", "simseg"), StringComparison.Ordinal);
        Assert.Contains("is a SimSeg model, but a CLIP is needed here", Refusal("clims", "clip", _folder.File("simseg", "simseg.safetensors")),
            StringComparison.Ordinal);
        Assert.Equal("simseg", Draft("zeroshot", "model", "simseg").Options["model"]!.GetValue<string>());
    }

    [Fact]
    public void Submit_ModelWhoseFileHasGone_SaysSo()
    {
        Directory.Delete(_folder.File("small"), recursive: true);
        Assert.Contains("model: small: ", Refusal("zeroshot", "model", "small"), StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_PathOfAModel_IsMadeAbsolute()
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder.File("small"));
        Assert.Equal(_folder.File("small"), Draft("zeroshot", "model", relative).Options["model"]!.GetValue<string>());
    }

    /// <summary>Otherwise one who may name no path could still name what lies in the folder that the server was started in.</summary>
    [Fact]
    public void Submit_NameOfAFileInTheProgramsOwnFolder_IsNoPath()
    {
        var file = Path.GetFileName(Directory.EnumerateFileSystemEntries(Environment.CurrentDirectory).First());
        Assert.Contains($"There is no model '{file}'", Refusal("zeroshot", "model", file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cam")]
    [InlineData("clims")]
    public void Submit_CheckpointThatIsNone_IsRefused(string method)
    {
        Assert.Contains($"checkpoint: {_folder.Write("notes.pth", "no checkpoint at all")}", Refusal(method, "checkpoint", _folder.File("notes.pth")),
            StringComparison.Ordinal);
        Assert.Contains($"checkpoint: {_folder.Path}", Refusal(method, "checkpoint", _folder.Path), StringComparison.Ordinal);
        Assert.Contains($"checkpoint: there is no {_folder.File("nosuch.pth")}", Refusal(method, "checkpoint", _folder.File("nosuch.pth")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_FolderOfLabelMapsThatIsAFile_IsRefused() =>
        Assert.Contains("is not a folder", Refusal("import", "folder", _folder.Write("maps.zip", "")), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.png\ta cat\n", "a.png, which is neither in")]
    [InlineData("", "lists no image")]
    [InlineData("\na.png a cat\n", "line 2 has no tab")]
    [InlineData("../a.png\ta cat\n", "leads out of")]
    [InlineData("/etc/a.png\ta cat\n", "line 1 names /etc/a.png: /etc is closed.")]
    public void Submit_CaptionsThatCannotBeRead_NamesTheLine(string list, string fault)
    {
        var refusal = Refusal("clip", "captions", _folder.Write("captions.tsv", list));
        Assert.StartsWith($"captions: {_folder.File("captions.tsv")}", refusal, StringComparison.Ordinal);
        Assert.Contains(fault, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cam", "trainSplit")]
    [InlineData("clims", "evaluationSplit")]
    [InlineData("zeroshot", "evaluationSplit")]
    [InlineData("simseg", "evaluationSplit")]
    public void Submit_SplitThatTheDataSetHasNot_NamesThoseItHas(string method, string option) =>
        Assert.Equal($"{option}: empty has no split 'validation'. It has: train, train_aug, val.", Refusal(method, option, "validation"));

    /// <summary>Who learns from captions trains on no split.</summary>
    [Fact]
    public void Submit_SplitThatNothingReads_MayBeAnything() =>
        Assert.DoesNotContain(Assert.Throws<InvalidRunException>(() => Draft("clip", "trainSplit", "validation")).Failures,
            failure => failure.Option == "trainSplit");

    [Fact]
    public void Submit_DataSetWithoutCaptions_NamesTheOption() =>
        Assert.StartsWith("captions: empty has no captions", Refusal("clip", "captions", ""), StringComparison.Ordinal);

    private string Refusal(string method, string option, string value) =>
        Assert.Single(Assert.Throws<InvalidRunException>(() => Draft(method, option, value)).Failures, failure => failure.Option == option).Message;

    private RunSpec Draft(string method, string option, string value)
    {
        var preset = MethodCatalog.Get(method).Presets[0].Name;
        var inventory = new RunInventory(new EmptyDatasets(), _models) { Refuse = folder => folder == "/etc" ? "/etc is closed." : null };
        return RunDraft.Complete(new RunRequest(method, "empty", preset, new JsonObject { [option] = value }), inventory, _ => null,
            TimeProvider.System);
    }
}
