// One tensor in a file, in libtorch's own archive format: what torch::save writes and torch::load reads.
#include "interop.h"

#include <torch/csrc/api/include/torch/serialize/archive.h>

#include <memory>

using namespace dashboard;

namespace {
constexpr const char* only_entry = "0";
}

EXPORT int32_t dashboard_tensor_save(Handle handle, const char* path) {
  return guarded([&] {
    torch::serialize::OutputArchive archive(std::make_shared<torch::jit::CompilationUnit>());
    archive.write(only_entry, borrow(handle));
    archive.save_to(path);
  });
}

EXPORT Handle dashboard_tensor_load(const char* path) {
  return guarded<Handle>(nullptr, [&] {
    torch::serialize::InputArchive archive;
    archive.load_from(path);
    at::Tensor tensor;
    archive.read(only_entry, tensor);
    return release(tensor);
  });
}
