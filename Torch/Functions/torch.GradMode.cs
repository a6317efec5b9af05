using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Until disposed, operators on this thread record no gradients.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Native.dashboard_grad_enabled() != 0;

    /// <summary>Like no_grad, and tensors made meanwhile can never take part in autograd.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Native.dashboard_inference_enabled() != 0;

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        public GradMode(bool enabled) => Native.dashboard_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.dashboard_set_grad_enabled(_before ? 1 : 0);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _guard = Native.CheckHandle(Native.dashboard_inference_enter(enabled ? 1 : 0));

        public void Dispose()
        {
            if (_guard != 0) Native.dashboard_inference_leave(_guard);
            _guard = 0;
        }
    }
}
