# SPDX-License-Identifier: Apache-2.0
# LASTGOOD_PRECOMPILE: what nearly every file includes is read once and not twelve hundred times: a fifth of the time of a
# build, more with clang. The sanitizer build has it. Off for what people run: a build that reads each header where it is
# named shows an include which is missing, and GCC 12 forgets with it that std::string is not ours, and warns of copies in
# it that are in bounds.
option(LASTGOOD_PRECOMPILE "Precompile the standard headers" OFF)
set(LASTGOOD_OPTIMISED "" CACHE STRING "Parts compiled with -O1 where others are not optimised: tests spend their time in them")
set(precompiled_headers <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <span>
  <string> <string_view> <unordered_map> <utility> <vector> <fmt/format.h>)

function(add_precompiled target)
  set(source ${PROJECT_BINARY_DIR}/${target}.cpp)
  if(NOT EXISTS ${source})  # written again, it would be newer than all that was built with it
    file(WRITE ${source} "")
  endif()
  add_library(${target} OBJECT ${source})
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

# use_precompiled(<target> <of> [<header> ...]) where <of> is lastgood_precompiled or lastgood_precompiled_test. With
# headers, for a part nearly all of whose files include these as well, it gets a precompiled header of its own.
function(use_precompiled target of)
  string(REGEX REPLACE "^lastgood_" "" part ${target})
  set(is_optimised FALSE)
  if(part IN_LIST LASTGOOD_OPTIMISED)
    set(is_optimised TRUE)
    target_compile_options(${target} PRIVATE -O1)
  endif()
  if(NOT LASTGOOD_PRECOMPILE)
    return()
  endif()
  if(is_optimised)
    target_precompile_headers(${target} REUSE_FROM ${of}_optimised)
  elseif(ARGN)
    target_precompile_headers(${target} PRIVATE ${precompiled_headers} ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${of})
  endif()
endfunction()
