using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Web.Launch;

namespace Dashboard.Tests.Web;

public sealed class LaunchFormTests
{
    private static readonly MethodDescriptor Cam = CamMethod.Descriptor;

    private readonly LaunchForm _form = new(Cam, Cam.Presets[0]) { Dataset = "cooccurrence" };

    [Fact]
    public void CommandLine_NothingTyped_NamesPresetOnly()
    {
        Assert.Equal("./run train cam --dataset cooccurrence --preset builtin", _form.CommandLine);
        Assert.Empty(_form.Validate());
    }

    [Fact]
    public void CommandLine_ValuesTyped_NamesThoseThatDifferAndQuotesForTheShell()
    {
        _form[Field("epochs")] = "7";
        _form[Field("batchSize")] = " 32 ";
        _form[Field("checkpoint")] = "/weights/it's here.pth";
        _form.Seed = "3";

        Assert.Equal("./run train cam --dataset cooccurrence --preset builtin --seed 3 --set 'checkpoint=/weights/it'\\''s here.pth' --set epochs=7",
            _form.CommandLine);
    }

    [Fact]
    public void CommandLine_Profiled_SaysSo()
    {
        _form.Profile = true;

        Assert.Equal("./run train cam --dataset cooccurrence --preset builtin --profile", _form.CommandLine);
        Assert.True(_form.Request.Profile);
    }

    [Fact]
    public void Validate_ManyFaults_NamesEveryField()
    {
        _form.Dataset = "";
        _form.Seed = "-1";
        _form.Device = " ";
        _form[Field("epochs")] = "0";
        _form[Field("scales")] = "1,x";

        Assert.Equal(["dataset", "seed", "device", "epochs", "scales"], _form.Validate().Select(failure => failure.Option));
    }

    [Fact]
    public void Validate_RuleAcrossOptions_NamesTheOption()
    {
        _form[Field("resizeLongMin")] = "200";

        Assert.Equal(["resizeLongMin"], _form.Validate().Select(failure => failure.Option));
    }

    [Fact]
    public void Request_ValuesTyped_HoldsOnlyThose()
    {
        _form[Field("learningRate")] = "0.0020";
        _form[Field("epochs")] = "9";

        Assert.Equal("""{"epochs":9}""", _form.Request.Options!.ToJsonString());
    }

    [Fact]
    public void Relaunch_OfARun_OpensWithItsOptionsAndMarksChangesAgainstIt()
    {
        var options = Cam.Schema.Write(Cam.Presets[0].Options);
        options["epochs"] = 11;
        var parent = new RunSpec { Id = "parent", Method = "cam", Options = options, Preset = "builtin", Dataset = "/data/voc", Seed = 5,
            Device = "cuda:1", CodeVersion = "test", Created = default };

        var form = new LaunchForm(Cam, Cam.Presets[0], parent);
        var opened = (form[Field("epochs")], form.IsChanged(Field("epochs")), form.Dataset, form.Seed, form.Device);
        form[Field("epochs")] = "12";

        Assert.Equal(("11", false, "/data/voc", "5", "cuda:1"), opened);
        Assert.True(form.IsChanged(Field("epochs")));
        Assert.Equal("11", form.Reference(Field("epochs")));
        Assert.Contains("--set epochs=12", form.CommandLine);
    }

    [Fact]
    public void Input_Chosen_StandsInRequestAndCommand()
    {
        var form = Clims();
        form.Inputs["baseline"] = "20260101-000000-cam-aaaa";

        Assert.Equal("./run train clims --dataset cooccurrence --preset builtin --input baseline=20260101-000000-cam-aaaa", form.CommandLine);
        Assert.Equal("20260101-000000-cam-aaaa", form.Request.Inputs!["baseline"]);
    }

    [Fact]
    public void Input_LeftToTheQueue_IsNotInTheRequest()
    {
        var form = Clims();

        Assert.Null(form.Request.Inputs);
        Assert.False(form.IsReplaced(form.Method.Inputs[0]));
        form[form.Method.Schema.Fields.Single(field => field.Name == "checkpoint")] = "/weights/cam.pth";
        Assert.True(form.IsReplaced(form.Method.Inputs[0]));
    }

    [Fact]
    public void Table_RowsInAnotherOrder_IsNoChange()
    {
        var form = Clims();
        var words = form.Method.Schema.Fields.Single(field => field.Name == "classBackgrounds");

        form[words] = string.Join(';', form[words].Split(';').AsEnumerable().Reverse());
        Assert.False(form.IsChanged(words));
        form[words] += "; cat=sofa";

        Assert.True(form.IsChanged(words));
        Assert.Contains("cat=sofa'", form.CommandLine);
        Assert.Equal("sofa", form.Request.Options!["classBackgrounds"]!["cat"]![0]!.GetValue<string>());
    }

    [Fact]
    public void Table_RowWithoutWords_IsNamed()
    {
        var form = Clims();
        form[form.Method.Schema.Fields.Single(field => field.Name == "classWords")] = "train=";

        Assert.Equal("classWords: 'train=' is not texts by name, as in: train=railway, track; boat=sea.", Assert.Single(form.Validate()).Message);
    }

    private static LaunchForm Clims() => new(ClimsMethod.Descriptor, ClimsMethod.Descriptor.Presets[0]) { Dataset = "cooccurrence" };

    private static OptionField Field(string name) => Cam.Schema.Fields.Single(field => field.Name == name);
}
