using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static ScalarType _defaultType = ScalarType.Float32;

    private static Device DefaultDevice { get; set; } = new(DeviceType.CPU);

    public static ScalarType get_default_dtype() => _defaultType;

    public static void set_default_dtype(ScalarType dtype) => _defaultType = dtype;

    public static Device get_default_device() => DefaultDevice;

    public static void set_default_device(Device device) => DefaultDevice = device;

    private static Arg Dtype(ScalarType? dtype) => dtype ?? _defaultType;

    private static Arg Place(Device? device) => device ?? DefaultDevice;

    private static Tensor Made(Tensor tensor, bool requires_grad)
    {
        if (requires_grad) tensor.requires_grad = true;
        return tensor;
    }
}
