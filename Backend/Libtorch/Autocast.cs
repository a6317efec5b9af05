using System.Runtime.InteropServices;
using Dashboard.Domain.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Libtorch;

/// <summary>
/// Forward passes in the precision that a run trains in. In bfloat16 it is <c>torch.autocast</c>: libtorch takes the inputs of convolutions and
/// matrix products to bfloat16, and with them their gradients; weights stay float32, and so do the results that are handed out, for losses to be
/// taken of. TorchSharp does not have autocast; libtorch's functions are called by the names that its library exports, on the CPU and on CUDA alike.
/// </summary>
/// <remarks>A pass belongs to the thread that asks for it. In float32 nothing is done.</remarks>
public sealed unsafe class Autocast
{
    // C++ names of functions in the namespace at::autocast, of c10::DeviceType and c10::ScalarType, which are bytes.
    private const string SetEnabled = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb";
    private const string SetType = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE";
    private const string ClearCache = "_ZN2at8autocast11clear_cacheEv";

    private readonly delegate* unmanaged<sbyte, byte, void> _setEnabled;
    private readonly delegate* unmanaged<sbyte, sbyte, void> _setType;
    private readonly delegate* unmanaged<void> _clearCache;
    private readonly bool _isNarrow;
    private readonly sbyte _device;

    /// <exception cref="LibtorchException">This libtorch has no autocast under the names of 2.4 and later.</exception>
    public Autocast(Precision precision, Device device)
    {
        if (precision == Precision.Float32)
            return;
        (_isNarrow, _device) = (true, (sbyte)device.type);
        _setEnabled = (delegate* unmanaged<sbyte, byte, void>)Function(SetEnabled);
        _setType = (delegate* unmanaged<sbyte, sbyte, void>)Function(SetType);
        _clearCache = (delegate* unmanaged<void>)Function(ClearCache);
    }

    /// <param name="input">
    /// Images <c>[N, C, H, W]</c>, which in bfloat16 are handed on with the channels of a position beside each other in memory, as convolutions want
    /// them; or anything else.
    /// </param>
    /// <returns>The network's result in float32.</returns>
    public Tensor Forward(Func<Tensor, Tensor> network, Tensor input) => _isNarrow ? Single(Pass(network, input)) : network(input);

    /// <inheritdoc cref="Forward(Func{Tensor, Tensor}, Tensor)"/>
    public Tensor[] Forward(Func<Tensor, Tensor[]> network, Tensor input) =>
        _isNarrow ? Array.ConvertAll(Pass(network, input), Single) : network(input);

    /// <inheritdoc cref="Forward(Func{Tensor, Tensor}, Tensor)"/>
    public (Tensor, Tensor) Forward(Func<Tensor, (Tensor, Tensor)> network, Tensor input)
    {
        var (first, second) = _isNarrow ? Pass(network, input) : network(input);
        return _isNarrow ? (Single(first), Single(second)) : (first, second);
    }

    private T Pass<T>(Func<Tensor, T> network, Tensor input)
    {
        _setType(_device, (sbyte)ScalarType.BFloat16);
        _setEnabled(_device, 1);
        try
        {
            return network(input.dim() == 4 ? ChannelsInnermost(input) : input);
        }
        finally
        {
            _setEnabled(_device, 0);
            // Weights in bfloat16, which the next step changes.
            _clearCache();
        }
    }

    private static Tensor Single(Tensor result) => result.to(float32);

    private static Tensor ChannelsInnermost(Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private static nint Function(string name)
    {
        var libtorch = LoadedLibtorch.Load();
        return NativeLibrary.TryGetExport(libtorch.Library, name, out var function)
            ? function
            : throw new LibtorchException(
                $"precision: the libtorch in {libtorch.Folder} (version {libtorch.Version}) has no autocast that can be called. Choose "
                + "precision=float32, or use libtorch 2.10.");
    }
}
