using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models;

/// <summary>GroupNorm that begins as one: TorchSharp 0.107 leaves its weight and bias as the memory was.</summary>
internal static class GroupNorms
{
    public static GroupNorm Of(long groups, long channels)
    {
        var norm = GroupNorm(groups, channels);
        init.ones_(norm.weight!);
        init.zeros_(norm.bias!);
        return norm;
    }
}
