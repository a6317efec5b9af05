using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>The numbers are libtorch's.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    MKLDNN = 2,
    OPENGL = 3,
    OPENCL = 4,
    IDEEP = 5,
    HIP = 6,
    FPGA = 7,
    MSNPU = 8,
    XLA = 9,
    MPS = 13,
    META = 14,
}

public static partial class torch
{
    /// <summary>Where a tensor lives: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    public class Device
    {
        public DeviceType type { get; }

        /// <summary>-1 stands for the current device of the type.</summary>
        public int index { get; } = -1;

        /// <exception cref="ArgumentException">The text is no device.</exception>
        public Device(string description)
        {
            var parts = description.Split(':');
            if (parts.Length > 2 || !Enum.TryParse(parts[0], ignoreCase: true, out DeviceType parsed) || char.IsDigit(description.FirstOrDefault('0')))
                throw new ArgumentException($"'{description}' is no device: write cpu, cuda or cuda:N.", nameof(description));
            type = parsed;
            if (parts.Length == 2)
            {
                if (!int.TryParse(parts[1], out var number) || number < 0)
                    throw new ArgumentException($"'{description}' is no device: the index must be 0, 1, 2, ...", nameof(description));
                index = number;
            }
        }

        public Device(string type, int index = -1) : this(type) => this.index = index;

        public Device(DeviceType type, int index = -1)
        {
            this.type = type;
            this.index = index;
        }

        public Device(int index) : this(DeviceType.CUDA, index) { }

        public static implicit operator Device(string description) => new(description);

        public override bool Equals(object? obj) => obj is Device other && type == other.type && index == other.index;

        public override int GetHashCode() => HashCode.Combine(type, index);

        public override string ToString() => index == -1 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";
    }

    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device CUDA => new(DeviceType.CUDA);

    public static Device META => new(DeviceType.META);

    public static Device device(string description) => new(description);

    public static Device device(string type, int index = -1) => new(type, index);

    public static Device device(DeviceType type, int index = -1) => new(type, index);

    public static Device device(int index) => new(index);
}
