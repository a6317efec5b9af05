// What autograd offers beside operators.
#include "interop.h"

#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <vector>

using namespace dashboard;

namespace {
std::vector<at::Tensor> borrow_all(const Handle* handles, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; ++i) tensors.push_back(borrow(handles[i]));
  return tensors;
}
}  // namespace

EXPORT int32_t dashboard_backward(const Handle* tensors, int32_t count, const Handle* gradients,
                                  int32_t gradient_count, int32_t retain_graph, int32_t create_graph,
                                  const Handle* inputs, int32_t input_count) {
  return guarded([&] {
    torch::autograd::backward(borrow_all(tensors, count), borrow_all(gradients, gradient_count), retain_graph != 0,
                              create_graph != 0, borrow_all(inputs, input_count));
  });
}

// Writes input_count handles; null where an unused input is allowed.
EXPORT int32_t dashboard_grad(const Handle* outputs, int32_t count, const Handle* inputs, int32_t input_count,
                              const Handle* gradients, int32_t gradient_count, int32_t retain_graph,
                              int32_t create_graph, int32_t allow_unused, Handle* results) {
  return guarded([&] {
    auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                       borrow_all(gradients, gradient_count), retain_graph != 0, create_graph != 0,
                                       allow_unused != 0);
    for (int32_t i = 0; i < input_count; ++i) results[i] = release(found[i]);
  });
}

EXPORT int32_t dashboard_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }

EXPORT void dashboard_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }

EXPORT int32_t dashboard_inference_enabled() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

// Inference mode from here to dashboard_inference_leave, on this thread.
EXPORT void* dashboard_inference_enter(int32_t enabled) {
  return guarded<void*>(nullptr, [&] { return new c10::InferenceMode(enabled != 0); });
}

EXPORT void dashboard_inference_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

EXPORT int32_t dashboard_requires_grad(Handle handle) {
  return guarded<int32_t>(-1, [&] { return borrow(handle).requires_grad() ? 1 : 0; });
}

EXPORT int32_t dashboard_set_requires_grad(Handle handle, int32_t value) {
  return guarded([&] {
    auto tensor = borrow(handle);
    TORCH_CHECK(tensor.is_leaf() || value != 0, "you can only change requires_grad flags of leaf variables.");
    tensor.set_requires_grad(value != 0);
  });
}

EXPORT int32_t dashboard_is_leaf(Handle handle) {
  return guarded<int32_t>(-1, [&] { return borrow(handle).is_leaf() ? 1 : 0; });
}

EXPORT int32_t dashboard_retain_grad(Handle handle) {
  return guarded([&] { borrow(handle).retain_grad(); });
}

// Null also stands for "no gradient yet".
EXPORT int32_t dashboard_get_grad(Handle handle, Handle* gradient) {
  return guarded([&] { *gradient = release(borrow(handle).grad()); });
}

EXPORT int32_t dashboard_set_grad(Handle handle, Handle gradient) {
  return guarded([&] { borrow(handle).mutable_grad() = borrow(gradient); });
}
