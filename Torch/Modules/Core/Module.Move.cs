using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// Moves all parameters, their gradients and all buffers to a device and converts those of a floating type, in place as PyTorch does:
            /// the parameter objects stay the same, so an optimiser that holds them stays valid.
            /// </summary>
            internal void Move(Device? device, ScalarType? dtype, bool nonBlocking)
            {
                using var noGrad = torch.no_grad();
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    ReplaceData(parameter, device, dtype, nonBlocking);
                    if (gradient is null)
                        continue;
                    ReplaceData(gradient, device, dtype, nonBlocking);
                    parameter.grad = gradient;
                }

                foreach (var buffer in buffers())
                    ReplaceData(buffer, device, dtype, nonBlocking);
            }

            private static void ReplaceData(Tensor tensor, Device? device, ScalarType? dtype, bool nonBlocking)
            {
                var target = dtype is not null && tensor.is_floating_point() ? dtype.Value : tensor.dtype;
                using var moved = Boxed.Call("aten::to.device", tensor, device ?? tensor.device, target, nonBlocking);
                using var detached = Boxed.Call("aten::detach", moved);
                Boxed.CallVoid("aten::set_data", tensor, detached);
            }
        }
    }
}
