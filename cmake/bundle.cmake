# Writes the page as it is embedded into OUT, from the modules and styles in WEB; run by cmake -P with ESBUILD, and GZIP and
# BROTLI if there are any.
#
# All modules of the page become one file, and so do its styles; what they import only at times (import()) is a file of its
# own. Their names have a hash of their content, so that browsers may keep them for ever. The client for other pages,
# anteroom.js, is one file too. Of each file there is a compressed form beside it (.gz, .br).
cmake_minimum_required(VERSION 3.25)

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE why)
    if(failed)
        message(FATAL_ERROR "${ARGN}:\n${why}")
    endif()
endfunction()

# The one file of that pattern in OUT/packed.
function(packed pattern out)
    file(GLOB found RELATIVE ${OUT} ${OUT}/packed/${pattern})
    list(LENGTH found count)
    if(NOT count EQUAL 1)
        message(FATAL_ERROR "expected one file ${pattern}, found: ${found}")
    endif()
    set(${out} ${found} PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${OUT})
file(READ ${WEB}/index.html page)

# The page's modules and styles, as it names them.
set(module "<script type=\"module\" src=\"\\./assets/([^\"]+)\"([^>]*)></script>\n")
string(REGEX MATCHALL "${module}" scripts "${page}")
string(REGEX MATCHALL "href=\"\\./assets/styles/[^\"]+\"" links "${page}")
if(NOT scripts OR NOT links)
    message(FATAL_ERROR "index.html has no modules or no styles")
endif()
set(styles "")
foreach(link IN LISTS links)
    string(REGEX REPLACE "href=\"\\./assets/([^\"]+)\"" "\\1" style ${link})
    string(APPEND styles "@import \"${WEB}/${style}\";\n")
endforeach()
file(WRITE ${OUT}/../styles/app.css "${styles}")

set(bundle ${ESBUILD} --bundle --minify --log-level=warning --target=es2022)
set(names --entry-names=[name]-[hash] --chunk-names=[name]-[hash] --outdir=${OUT}/packed)
set(head "")
foreach(script IN LISTS scripts)
    string(REGEX MATCH "${module}" script "${script}")
    set(attributes ${CMAKE_MATCH_2})
    set(path ${CMAKE_MATCH_1})
    get_filename_component(name ${path} NAME_WE)
    # Each by itself: what two of them share would be a third file, to be asked for after them.
    run(${bundle} --format=esm --splitting ${names} ${WEB}/${path})
    packed(${name}-*.js file)
    string(APPEND head "<script type=\"module\" src=\"./assets/${file}\"${attributes}></script>\n")
endforeach()
run(${bundle} ${names} ${OUT}/../styles/app.css)
packed(app-*.css file)
string(APPEND head "<link rel=\"stylesheet\" href=\"./assets/${file}\">\n")
run(${bundle} --format=esm --outfile=${OUT}/anteroom.js ${WEB}/anteroom.js)
run(${ESBUILD} --minify --log-level=warning --outfile=${OUT}/service-worker.js ${WEB}/service-worker.js)

string(REGEX REPLACE "<link rel=\"(stylesheet|modulepreload)\" [^>]*>\n" "" page "${page}")
string(REGEX REPLACE "(${module})+" "${head}" page "${page}")
file(WRITE ${OUT}/index.html "${page}")
string(REPLACE "\"./" "\"../" page "${page}")
file(WRITE ${OUT}/room.html "${page}")

foreach(file icon.svg icon-unread.svg icon-maskable.svg app.webmanifest nothing-here.html styles/nothing-here.css client/anteroom.d.ts)
    get_filename_component(folder ${OUT}/${file} DIRECTORY)
    file(COPY ${WEB}/${file} DESTINATION ${folder})
endforeach()

file(GLOB_RECURSE files ${OUT}/*)
foreach(file IN LISTS files)
    if(GZIP)
        run(${GZIP} -9 -n -k ${file})
    endif()
    if(BROTLI)
        run(${BROTLI} -q 11 -k ${file})
    endif()
endforeach()
