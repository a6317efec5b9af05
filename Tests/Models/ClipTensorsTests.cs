using Dashboard.Backend.Models.Clip;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Models;

[Collection(LibtorchCollection.Name)]
public sealed class ClipTensorsTests
{
    public static TheoryData<ClipShape> Shapes => new()
    {
        new ClipShape(8, 16, [2], 16, 8, 6, 20, 16, 3) { VisionHeads = 4, TextHeads = 2 },
        new ClipShape(8, 16, [2], 16, 8, 6, 20, 16, 3) { VisionHeads = 4, TextHeads = 2, Stem = new(12, 2) },
        new ClipShape(8, 64, [1, 2, 1, 2], 8, null, 6, 20, 16, 1) { VisionHeads = 4, TextHeads = 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_Shape_IsTheModelsStateDict(ClipShape shape)
    {
        using var model = new ClipModel(shape);
        var actual = model.state_dict().ToDictionary(tensor => tensor.Key, tensor => string.Join(",", tensor.Value.shape));
        Assert.Equal(actual.OrderBy(tensor => tensor.Key),
            ClipTensors.Of(shape).ToDictionary(tensor => tensor.Key, tensor => string.Join(",", tensor.Value)).OrderBy(tensor => tensor.Key));
    }
}
