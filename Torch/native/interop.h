// What every entry shares: the C layout of an argument, tensor handles, and the rule that nothing is thrown across the border.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/Generator.h>

#include <cstdint>
#include <exception>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace dashboard {

enum class Kind : int32_t {
  None = 0,
  Tensor,
  Int,
  Double,
  Bool,
  IntList,
  DoubleList,
  TensorList,
  String,
  Device,
  Generator,
  Default,  // the schema's own default
};

// The same layout as TorchSharp.Interop.NativeValue.
struct Value {
  Kind kind;
  int32_t length;  // of a list or string; the index of a device
  union {
    int64_t integer;
    double real;
    const void* pointer;
  };
};

// A tensor handle is an owned reference to its TensorImpl; null stands for an undefined tensor.
using Handle = c10::TensorImpl*;

Handle release(at::Tensor tensor);
at::Tensor borrow(const void* handle);

void remember(const char* message);

// Runs body; an exception becomes the thread's error text and the fallback is returned.
template <typename Result, typename Body>
Result guarded(Result fallback, Body&& body) noexcept {
  try {
    return body();
  } catch (const c10::Error& error) {
    remember(error.what_without_backtrace());
  } catch (const std::exception& error) {
    remember(error.what());
  } catch (...) {
    remember("libtorch threw something that is no exception.");
  }
  return fallback;
}

// For entries without a result: 0 is success, -1 an error.
template <typename Body>
int32_t guarded(Body&& body) noexcept {
  return guarded<int32_t>(-1, [&] {
    body();
    return 0;
  });
}

}  // namespace dashboard
