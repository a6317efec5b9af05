// Every ATen operator through one entry: looked up by schema name, called with boxed arguments.
#include "interop.h"

#include <ATen/ScalarOps.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>

#include <cstdlib>

using namespace dashboard;

namespace {

at::Tensor number_tensor(const at::Scalar& number) {
  auto tensor = c10::scalar_to_tensor(number);
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);  // so that it does not widen the other operand's type
  return tensor;
}

// A number where the schema wants a tensor, a float or a list of one.
c10::IValue from_int(int64_t value, const c10::Type& type) {
  switch (type.kind()) {
    case c10::TypeKind::FloatType: return static_cast<double>(value);
    case c10::TypeKind::BoolType: return value != 0;
    case c10::TypeKind::TensorType: return number_tensor(value);
    case c10::TypeKind::ListType: {
      auto element = type.expectRef<c10::ListType>().getElementType()->kind();
      if (element == c10::TypeKind::FloatType) return c10::List<double>({static_cast<double>(value)});
      return c10::List<int64_t>({value});
    }
    default: return value;
  }
}

c10::IValue from_double(double value, const c10::Type& type) {
  switch (type.kind()) {
    case c10::TypeKind::TensorType: return number_tensor(value);
    case c10::TypeKind::ListType: return c10::List<double>({value});
    default: return value;
  }
}

c10::IValue from_bool(bool value, const c10::Type& type) {
  if (type.kind() == c10::TypeKind::TensorType) return number_tensor(value);
  return value;
}

c10::IValue from_ints(const int64_t* values, int32_t length, const c10::Type& type) {
  if (type.kind() == c10::TypeKind::ListType) {
    auto element = type.expectRef<c10::ListType>().getElementType()->kind();
    if (element == c10::TypeKind::BoolType) {
      c10::List<bool> list;
      for (int32_t i = 0; i < length; ++i) list.push_back(values[i] != 0);
      return list;
    }
    if (element == c10::TypeKind::FloatType) {
      c10::List<double> list;
      for (int32_t i = 0; i < length; ++i) list.push_back(static_cast<double>(values[i]));
      return list;
    }
  }
  c10::List<int64_t> list;
  list.reserve(length);
  for (int32_t i = 0; i < length; ++i) list.push_back(values[i]);
  return list;
}

c10::IValue from_tensors(const void* const* handles, int32_t length, const c10::Type& type) {
  bool optional = type.kind() == c10::TypeKind::ListType &&
                  type.expectRef<c10::ListType>().getElementType()->kind() == c10::TypeKind::OptionalType;
  if (!optional) {
    c10::List<at::Tensor> list;
    list.reserve(length);
    for (int32_t i = 0; i < length; ++i) list.push_back(borrow(handles[i]));
    return list;
  }
  c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
  list.reserve(length);
  for (int32_t i = 0; i < length; ++i)
    list.push_back(handles[i] == nullptr ? c10::IValue() : c10::IValue(borrow(handles[i])));
  return list;
}

c10::IValue to_ivalue(const Value& value, const c10::Argument& argument) {
  const c10::Type* type = argument.type().get();
  if (type->kind() == c10::TypeKind::OptionalType)
    type = type->expectRef<c10::OptionalType>().getElementType().get();
  switch (value.kind) {
    case Kind::None: return {};
    case Kind::Tensor: return borrow(value.pointer);
    case Kind::Int: return from_int(value.integer, *type);
    case Kind::Double: return from_double(value.real, *type);
    case Kind::Bool: return from_bool(value.integer != 0, *type);
    case Kind::IntList: return from_ints(static_cast<const int64_t*>(value.pointer), value.length, *type);
    case Kind::DoubleList: {
      auto values = static_cast<const double*>(value.pointer);
      c10::List<double> list;
      for (int32_t i = 0; i < value.length; ++i) list.push_back(values[i]);
      return list;
    }
    case Kind::TensorList: return from_tensors(static_cast<const void* const*>(value.pointer), value.length, *type);
    case Kind::String: return std::string(static_cast<const char*>(value.pointer), value.length);
    case Kind::Device:
      return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.length));
    case Kind::Generator: return *static_cast<const at::Generator*>(value.pointer);
    case Kind::Default: break;
  }
  TORCH_CHECK(argument.default_value().has_value(), "the argument '", argument.name(), "' has no default");
  return *argument.default_value();
}

Value from_ivalue(c10::IValue&& value) {
  Value result{};
  if (value.isTensor()) {
    result.kind = Kind::Tensor;
    result.pointer = release(std::move(value).toTensor());
  } else if (value.isTensorList()) {
    auto tensors = value.toTensorVector();
    auto handles = static_cast<Handle*>(std::malloc(sizeof(Handle) * (tensors.size() + 1)));
    TORCH_CHECK(handles != nullptr, "out of memory");
    for (size_t i = 0; i < tensors.size(); ++i) handles[i] = release(std::move(tensors[i]));
    result.kind = Kind::TensorList;
    result.length = static_cast<int32_t>(tensors.size());
    result.pointer = handles;
  } else if (value.isBool()) {
    result.kind = Kind::Bool;
    result.integer = value.toBool();
  } else if (value.isInt()) {
    result.kind = Kind::Int;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.kind = Kind::Double;
    result.real = value.toDouble();
  }
  return result;
}

}  // namespace

// The operator "name" or "name.overload", for the life of the process; null when libtorch has none.
EXPORT const void* dashboard_operator(const char* qualified) {
  return guarded<const void*>(nullptr, [&]() -> const void* {
    std::string name(qualified), overload;
    auto dot = name.find('.');
    if (dot != std::string::npos) {
      overload = name.substr(dot + 1);
      name.resize(dot);
    }
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(found.has_value(), "libtorch has no operator '", qualified, "'");
    return new c10::OperatorHandle(*found);
  });
}

// Calls it. The return value is the number of results, of which the first `capacity` are stored; -1 is an error.
EXPORT int32_t dashboard_call(const void* handle, const Value* arguments, int32_t count, Value* results,
                              int32_t capacity) {
  return guarded<int32_t>(-1, [&] {
    auto& op = *static_cast<const c10::OperatorHandle*>(handle);
    auto& declared = op.schema().arguments();
    TORCH_CHECK(static_cast<size_t>(count) <= declared.size(), op.operator_name().name, " takes ", declared.size(),
                " arguments, not ", count);
    torch::jit::Stack stack;
    stack.reserve(declared.size());
    for (size_t i = 0; i < declared.size(); ++i)
      stack.push_back(to_ivalue(i < static_cast<size_t>(count) ? arguments[i] : Value{Kind::Default, 0, {0}}, declared[i]));
    op.callBoxed(&stack);
    for (int32_t i = 0; i < capacity && i < static_cast<int32_t>(stack.size()); ++i)
      results[i] = from_ivalue(std::move(stack[i]));
    return static_cast<int32_t>(stack.size());
  });
}

// Frees the array of a tensor list's handles, not the tensors.
EXPORT void dashboard_free(void* memory) { std::free(memory); }
