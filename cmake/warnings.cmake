# SPDX-License-Identifier: Apache-2.0
# Warnings are errors. The list is for GCC 12; clang (fuzzing, tidy) gets the part it knows.
add_library(lastgood_warnings INTERFACE)
target_compile_options(lastgood_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wformat=2
  -Wimplicit-fallthrough -Wmissing-declarations -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi -Wswitch-enum)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(lastgood_warnings INTERFACE
    # Not -Wuseless-cast: size_t and uint64_t are one type here and two elsewhere. Not -Wnull-dereference: GCC 12 sees
    # null pointers in std::variant and std::optional that are not there.
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wsuggest-override
    # Not -Wmaybe-uninitialized: GCC 12 takes a moved-from std::variant for one; valgrind and the sanitizers look instead.
    -Wno-maybe-uninitialized
    # An option struct filled by designated initialisers leaves the rest at its default on purpose.
    -Wno-missing-field-initializers)
else()
  target_compile_options(lastgood_warnings INTERFACE -Wno-missing-field-initializers -Wno-missing-declarations
    -Wno-c++98-compat-extra-semi)  # behind a macro of a test
endif()
