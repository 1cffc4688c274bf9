# cmake -DFOLDER=…/migrations -DOUTPUT=….cpp -P embed_migrations.cmake
#
# Writes one array of Migration a subfolder, ascending by number. A file is SET/NNNN_name.sql; numbers
# run from 1 without a gap, so that a file that was lost stops the build.

set(source "// Made from core/storage/migrations by cmake/embed_migrations.cmake.\n#include \"core/storage/migrations.h\"\n\nnamespace coffer::storage {\n")

foreach(set online vault)
  file(GLOB files "${FOLDER}/${set}/*.sql")
  list(SORT files)
  string(APPEND source "\nstd::span<const Migration> ${set}_migrations()\n{\n    static constexpr Migration table[] = {\n")
  set(expected 0)
  foreach(file IN LISTS files)
    get_filename_component(stem "${file}" NAME_WE)
    if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z_]+)$")
      message(FATAL_ERROR "${file}: a migration is called NNNN_name.sql")
    endif()
    set(digits "${CMAKE_MATCH_1}")
    set(name "${CMAKE_MATCH_2}")
    string(REGEX REPLACE "^0+" "" number "${digits}")
    math(EXPR expected "${expected} + 1")
    if(NOT number EQUAL expected)
      message(FATAL_ERROR "${file}: the next number is ${expected}")
    endif()
    file(READ "${file}" sql)
    string(APPEND source "        {${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
  endforeach()
  string(APPEND source "    };\n    return table;\n}\n")
endforeach()

string(APPEND source "\n} // namespace coffer::storage\n")
file(WRITE "${OUTPUT}" "${source}")
