# SPDX-License-Identifier: Apache-2.0
# LASTGOOD_PRECOMPILE: what nearly every file includes is read once and not twelve hundred times: a third of the time of a
# build. Off where clang-tidy, the fuzzers and the thread sanitizer look: a build that reads each header where it is named
# shows an include which is missing.
option(LASTGOOD_PRECOMPILE "Precompile the standard headers" OFF)
set(precompiled_headers <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <span>
  <string> <string_view> <unordered_map> <utility> <vector> <fmt/format.h>)

# GCC 12 forgets with a precompiled header that std::string is not ours, and warns of copies in it that are in bounds. A
# release build with -DLASTGOOD_PRECOMPILE=OFF keeps these warnings; clang and the address sanitizer look as well.
if(LASTGOOD_PRECOMPILE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(lastgood_warnings INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

function(add_precompiled target)
  file(WRITE ${PROJECT_BINARY_DIR}/${target}.cpp "")
  add_library(${target} OBJECT ${PROJECT_BINARY_DIR}/${target}.cpp)
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

# use_precompiled(<target> <of> [<header> ...]) where <of> is lastgood_precompiled or lastgood_precompiled_test. With
# headers, for a part nearly all of whose files include these as well, it gets a precompiled header of its own.
function(use_precompiled target of)
  if(NOT LASTGOOD_PRECOMPILE)
    return()
  endif()
  if(ARGN)
    target_precompile_headers(${target} PRIVATE ${precompiled_headers} ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${of})
  endif()
endfunction()
