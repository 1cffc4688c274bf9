# coffer_library(core/base [LINK_PUBLIC …] [LINK_PRIVATE …]): one library a folder.
#
# The target is the path with underscores (core_base), its sources are the .cpp files of the
# folder itself, its headers form a FILE_SET and are included from the top: "core/base/bytes.h".
function(coffer_library folder)
  cmake_parse_arguments(ARG "" "" "LINK_PUBLIC;LINK_PRIVATE" ${ARGN})
  string(REPLACE "/" "_" target "${folder}")
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
  file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.h")
  add_library(${target} STATIC ${sources})
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${headers})
  target_link_libraries(${target}
    PUBLIC ${ARG_LINK_PUBLIC}
    PRIVATE ${ARG_LINK_PRIVATE} coffer_warnings coffer_hardening)
endfunction()

# coffer_test(core/base LINK core_base …): one test binary a folder of tests/unit, registered with CTest.
function(coffer_test folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  string(REPLACE "/" "_" name "${folder}")
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/unit/${folder}/*.cpp")
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE ${ARG_LINK} test_support coffer_warnings coffer_hardening)
  add_test(NAME unit/${folder} COMMAND test_${name})
endfunction()
