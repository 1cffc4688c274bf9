# Language level, warnings and hardening, as interface targets that every target of ours links.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g1")
set(CMAKE_C_FLAGS_RELEASE "-O2")

option(COFFER_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
option(COFFER_COVERAGE "Count branches with gcov, without optimisation" OFF)
set(COFFER_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_library(coffer_warnings INTERFACE)
target_compile_options(coffer_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow)

add_library(coffer_hardening INTERFACE)
target_compile_options(coffer_hardening INTERFACE -fstack-protector-strong -fcf-protection)
target_link_options(coffer_hardening INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
if(COFFER_SANITIZE)
  target_compile_options(coffer_hardening INTERFACE
    -fsanitize=${COFFER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(coffer_hardening INTERFACE -fsanitize=${COFFER_SANITIZE})
else()
  target_compile_options(coffer_hardening INTERFACE $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()
if(COFFER_COVERAGE)
  target_compile_options(coffer_hardening INTERFACE -O0 --coverage -fprofile-update=atomic)
  target_link_options(coffer_hardening INTERFACE --coverage)
endif()
if(COFFER_FUZZ)
  target_compile_options(coffer_hardening INTERFACE -fsanitize=fuzzer-no-link)
endif()
