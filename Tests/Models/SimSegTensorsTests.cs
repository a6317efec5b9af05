using Dashboard.Backend.Models.SimSeg;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Models;

[Collection(LibtorchCollection.Name)]
public sealed class SimSegTensorsTests
{
    public static TheoryData<SimSegShape> Shapes => new()
    {
        new SimSegShape(new(8, 2, 4, 3) { Heads = 2, HiddenWidth = 12 }, new(11, 6, 1, Positions: 25) { Heads = 3, HiddenWidth = 10 }, 5),
        new SimSegShape(new(64, 1, 16, 14), new(30, 128, 3, Positions: 40, TokenTypes: 1), 7),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_Shape_IsTheModelsStateDict(SimSegShape shape)
    {
        using var model = new SimSegModel(shape);
        var actual = model.state_dict().ToDictionary(tensor => tensor.Key, tensor => string.Join(",", tensor.Value.shape));
        Assert.Equal(actual.OrderBy(tensor => tensor.Key),
            SimSegTensors.Of(shape).ToDictionary(tensor => tensor.Key, tensor => string.Join(",", tensor.Value)).OrderBy(tensor => tensor.Key));
    }
}
