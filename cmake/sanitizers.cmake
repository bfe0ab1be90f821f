# SPDX-License-Identifier: Apache-2.0
# LASTGOOD_SANITIZE: a list for -fsanitize=, set by the presets (address,undefined or thread).
set(LASTGOOD_SANITIZE "" CACHE STRING "sanitizers, comma separated")
add_library(lastgood_sanitizers INTERFACE)
if(LASTGOOD_SANITIZE)
  target_compile_options(lastgood_sanitizers INTERFACE -fsanitize=${LASTGOOD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(lastgood_sanitizers INTERFACE -fsanitize=${LASTGOOD_SANITIZE})
endif()

# More than two hundred test programs with sanitizers are linked in each run of the tests: lld takes half the time.
find_program(LASTGOOD_LLD ld.lld)
if(LASTGOOD_SANITIZE AND LASTGOOD_LLD)
  target_link_options(lastgood_sanitizers INTERFACE -fuse-ld=lld)
endif()
