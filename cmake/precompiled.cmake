# SPDX-License-Identifier: Apache-2.0
# LASTGOOD_PRECOMPILE: what nearly every file includes is read once and not twelve hundred times: a fifth of the time of a
# build, more with clang. The sanitizer build has it. Off for what people run: a build that reads each header where it is
# named shows an include which is missing.
option(LASTGOOD_PRECOMPILE "Precompile the standard headers" OFF)
set(precompiled_headers <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <span>
  <string> <string_view> <unordered_map> <utility> <vector> <fmt/format.h>)

function(add_precompiled target)
  file(WRITE ${PROJECT_BINARY_DIR}/${target}.cpp "")
  add_library(${target} OBJECT ${PROJECT_BINARY_DIR}/${target}.cpp)
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

# use_precompiled(<target> <of>) where <of> is lastgood_precompiled or lastgood_precompiled_test.
function(use_precompiled target of)
  if(LASTGOOD_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${of})
  endif()
endfunction()
