// Seeds, generators, threads and devices.
#include "interop.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/version.h>

#include <mutex>

using namespace dashboard;

EXPORT const char* dashboard_version() { return TORCH_VERSION; }

EXPORT int32_t dashboard_manual_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}

// A generator of its own for the device, or the device's default one.
EXPORT at::Generator* dashboard_generator_new(int32_t device_type, int32_t index, int32_t is_default) {
  return guarded<at::Generator*>(nullptr, [&] {
    c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(index));
    const auto& shared = at::globalContext().defaultGenerator(device);
    if (is_default != 0) return new at::Generator(shared);
    auto own = shared.clone();
    own.set_current_seed(c10::detail::getNonDeterministicRandom());
    return new at::Generator(own);
  });
}

EXPORT void dashboard_generator_free(at::Generator* generator) {
  guarded([&] { delete generator; });
}

EXPORT int32_t dashboard_generator_seed(at::Generator* generator, uint64_t* seed) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *seed = generator->current_seed();
  });
}

EXPORT int32_t dashboard_generator_set_seed(at::Generator* generator, uint64_t seed) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(seed);
  });
}

EXPORT Handle dashboard_generator_state(at::Generator* generator) {
  return guarded<Handle>(nullptr, [&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    return release(generator->get_state());
  });
}

EXPORT int32_t dashboard_generator_set_state(at::Generator* generator, Handle state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(borrow(state));
  });
}

EXPORT int32_t dashboard_get_num_threads() { return guarded<int32_t>(-1, [] { return at::get_num_threads(); }); }

EXPORT int32_t dashboard_set_num_threads(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

EXPORT int32_t dashboard_get_num_interop_threads() {
  return guarded<int32_t>(-1, [] { return static_cast<int32_t>(at::get_num_interop_threads()); });
}

EXPORT int32_t dashboard_set_num_interop_threads(int32_t count) {
  return guarded([&] { at::set_num_interop_threads(count); });
}

EXPORT int32_t dashboard_cuda_device_count() {
  return guarded<int32_t>(0, [] { return at::hasCUDA() ? static_cast<int32_t>(at::getNumGPUs()) : 0; });
}

EXPORT int32_t dashboard_cuda_has_cudnn() {
  return guarded<int32_t>(0, [] { return at::globalContext().hasCuDNN() ? 1 : 0; });
}

EXPORT int32_t dashboard_cuda_synchronize(int32_t index) {
  return guarded([&] {
    TORCH_CHECK(at::hasCUDA(), "this libtorch sees no CUDA device");
    auto& hooks = at::detail::getCUDAHooks();
    hooks.deviceSynchronize(static_cast<c10::DeviceIndex>(index < 0 ? 0 : index));
  });
}

EXPORT int32_t dashboard_get_allow_tf32(int32_t cudnn) {
  return guarded<int32_t>(-1, [&] {
    auto& context = at::globalContext();
    return (cudnn != 0 ? context.allowTF32CuDNN() : context.allowTF32CuBLAS()) ? 1 : 0;
  });
}

EXPORT int32_t dashboard_set_allow_tf32(int32_t cudnn, int32_t allow) {
  return guarded([&] {
    auto& context = at::globalContext();
    if (cudnn != 0) context.setAllowTF32CuDNN(allow != 0);
    else context.setAllowTF32CuBLAS(allow != 0);
  });
}
