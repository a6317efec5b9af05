// Handles, metadata and memory of tensors.
#include "interop.h"

#include <ATen/ops/from_blob.h>

#include <atomic>

namespace dashboard {

namespace {
thread_local std::string last_error;
std::atomic<int64_t> live_handles{0};
using Pointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
}  // namespace

void remember(const char* message) {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear();
  }
}

Handle release(at::Tensor tensor) {
  if (!tensor.defined()) return nullptr;
  live_handles.fetch_add(1, std::memory_order_relaxed);
  return tensor.unsafeReleaseIntrusivePtr().release();
}

at::Tensor borrow(const void* handle) {
  if (handle == nullptr) return {};
  return at::Tensor(Pointer::reclaim_copy(static_cast<Handle>(const_cast<void*>(handle))));
}

}  // namespace dashboard

using namespace dashboard;

EXPORT const char* dashboard_error() { return last_error.c_str(); }

EXPORT int64_t dashboard_live_tensors() { return live_handles.load(std::memory_order_relaxed); }

EXPORT void dashboard_tensor_free(Handle handle) {
  if (handle == nullptr) return;
  live_handles.fetch_sub(1, std::memory_order_relaxed);
  guarded([&] { Pointer::reclaim(handle).reset(); });
}

// Another handle of the same tensor.
EXPORT Handle dashboard_tensor_alias(Handle handle) {
  return guarded<Handle>(nullptr, [&] { return release(borrow(handle)); });
}

EXPORT int64_t dashboard_tensor_dim(Handle handle) { return guarded<int64_t>(-1, [&] { return handle->dim(); }); }

EXPORT int64_t dashboard_tensor_numel(Handle handle) { return guarded<int64_t>(-1, [&] { return handle->numel(); }); }

EXPORT int32_t dashboard_tensor_sizes(Handle handle, int64_t* sizes) {
  return guarded([&] {
    auto values = handle->sizes();
    std::copy(values.begin(), values.end(), sizes);
  });
}

EXPORT int32_t dashboard_tensor_strides(Handle handle, int64_t* strides) {
  return guarded([&] {
    auto values = handle->strides();
    std::copy(values.begin(), values.end(), strides);
  });
}

EXPORT int32_t dashboard_tensor_dtype(Handle handle) {
  return guarded<int32_t>(-1, [&] { return static_cast<int32_t>(borrow(handle).scalar_type()); });
}

EXPORT int32_t dashboard_tensor_device(Handle handle, int32_t* index) {
  return guarded<int32_t>(-1, [&] {
    auto device = handle->device();
    *index = device.index();
    return static_cast<int32_t>(device.type());
  });
}

EXPORT int32_t dashboard_tensor_is_contiguous(Handle handle) {
  return guarded<int32_t>(-1, [&] { return handle->is_contiguous() ? 1 : 0; });
}

EXPORT int32_t dashboard_tensor_is_sparse(Handle handle) {
  return guarded<int32_t>(-1, [&] { return handle->is_sparse() ? 1 : 0; });
}

// The first element; on a GPU an address of its memory.
EXPORT void* dashboard_tensor_data(Handle handle) {
  return guarded<void*>(nullptr, [&] { return borrow(handle).data_ptr(); });
}

// A tensor over memory that stays the caller's; deleter(context) is called when the last user of the memory is gone.
EXPORT Handle dashboard_tensor_from_memory(void* data, const int64_t* sizes, int32_t dim, int32_t dtype,
                                           void (*deleter)(void*), void* context) {
  return guarded<Handle>(nullptr, [&] {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
    return release(at::from_blob(
        data, at::IntArrayRef(sizes, dim), [deleter, context](void*) { deleter(context); }, options));
  });
}
