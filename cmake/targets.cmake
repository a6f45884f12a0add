# How a folder becomes a target: all its .cpp files, one static library, the same warnings for all.

add_library(oddsloom_options INTERFACE)
# "store/store.h" is src/store/store.h; "sim/simulator.h" is sim/simulator.h.
target_include_directories(oddsloom_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
target_compile_options(oddsloom_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough)
# Some libraries want it said; where it is said to all, all can share the precompiled headers.
target_compile_definitions(oddsloom_options INTERFACE _FILE_OFFSET_BITS=64)
if(ODDSLOOM_WERROR)
  target_compile_options(oddsloom_options INTERFACE -Werror)
endif()
if(ODDSLOOM_SANITIZE)
  target_compile_options(oddsloom_options INTERFACE -fsanitize=${ODDSLOOM_SANITIZE}
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(oddsloom_options INTERFACE -fsanitize=${ODDSLOOM_SANITIZE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these wrongly for std::string operations when it optimizes (its bugs 105329 and 105651), and the
  # last one when sanitizers rewrite the code.
  target_compile_options(oddsloom_options INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)
  if(ODDSLOOM_SANITIZE)
    target_compile_options(oddsloom_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # What g++ does not count among these warnings either.
  target_compile_options(oddsloom_options INTERFACE -Wno-sign-conversion -Wno-overlength-strings)
endif()

# What nearly every file includes: read once, for the base library, whose flags all others have.
set(ODDSLOOM_COMMON_HEADERS <algorithm> <chrono> <functional> <map> <memory> <optional> <string>
  <string_view> <unordered_map> <vector> <fmt/format.h>)

function(oddsloom_library_at name folder)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(oddsloom_${name} STATIC ${sources})
    target_link_libraries(oddsloom_${name} PUBLIC oddsloom_options ${ARGN})
    if(name STREQUAL "base")
      target_precompile_headers(oddsloom_base PRIVATE ${ODDSLOOM_COMMON_HEADERS})
    else()
      target_precompile_headers(oddsloom_${name} REUSE_FROM oddsloom_base)
    endif()
  else()
    add_library(oddsloom_${name} INTERFACE)
    target_link_libraries(oddsloom_${name} INTERFACE oddsloom_options ${ARGN})
  endif()
endfunction()

function(oddsloom_library name)
  oddsloom_library_at(${name} src/${name} ${ARGN})
endfunction()

function(oddsloom_program name main)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${main})
    add_executable(${name} ${PROJECT_SOURCE_DIR}/${main})
    target_link_libraries(${name} PRIVATE ${ARGN})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
  endif()
endfunction()

# Text files as they are, under their names: a table of (name, content) oddsloom::<space>::kFiles in the generated
# <header>. Written as text, not configured, so that nothing in them is taken for a variable.
function(oddsloom_embed_files target header space)
  set(text "// Generated from the files it names.\n#pragma once\n\n#include <string_view>\n#include <utility>\n\n")
  string(APPEND text "namespace oddsloom::${space} {\n")
  string(APPEND text "inline constexpr std::pair<std::string_view, std::string_view> kFiles[] = {\n")
  foreach(file ${ARGN})
    file(READ ${file} content)
    get_filename_component(name ${file} NAME)
    string(APPEND text "{\"${name}\", R\"_file_(${content})_file_\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  string(APPEND text "};\n}  // namespace oddsloom::${space}\n")
  set(output ${PROJECT_BINARY_DIR}/generated/${header})
  file(WRITE ${output}.new "${text}")
  file(COPY_FILE ${output}.new ${output} ONLY_IF_DIFFERENT)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated)
endfunction()

# Text files as C++ string constants: <name>.lua becomes oddsloom::<space>::<name> in the generated <header>.
function(oddsloom_embed target header space)
  set(text "// Generated from the files it names.\n#pragma once\n\nnamespace oddsloom::${space} {\n")
  foreach(file ${ARGN})
    file(READ ${file} content)
    get_filename_component(name ${file} NAME_WE)
    string(APPEND text "inline constexpr const char* ${name} = R\"text(${content})text\";\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  string(APPEND text "}  // namespace oddsloom::${space}\n")
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${header} CONTENT "${text}" @ONLY)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated)
endfunction()
