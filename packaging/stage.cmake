# What a package contains: the component `server` of `cmake --install`, with what the kind of package adds. Run by cpack, with
# its variables.
cmake_minimum_required(VERSION 3.25)
set(source ${CPACK_ANTEROOM_SOURCE})
# The root of the package. (CMAKE_INSTALL_PREFIX is that too, but for kinds of packages where DESTDIR is.)
set(root ${CMAKE_CURRENT_BINARY_DIR})
if(NOT root MATCHES "/_CPack_Packages/")
    message(FATAL_ERROR "stage.cmake is for cpack")
endif()
unset(ENV{DESTDIR})
if(CPACK_GENERATOR STREQUAL "DEB")
    set(prefix /usr)
else()
    set(prefix /usr/local)
endif()

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_QUIET)
    if(failed)
        message(FATAL_ERROR "${ARGN}: ${failed}")
    endif()
endfunction()

run(${CMAKE_COMMAND} -E env DESTDIR=${root} ${CMAKE_COMMAND} --install ${CPACK_ANTEROOM_BUILD} --prefix ${prefix} --component server
    --strip --default-directory-permissions u=rwx,g=rx,o=rx)

if(prefix STREQUAL "/usr/local")
    run(strip -o ${root}${prefix}/bin/anteroom ${CPACK_ANTEROOM_BUILD}/static/anteroom)
    # Unpacking a newer one must not replace what the administrator has written.
    file(RENAME ${root}${prefix}/etc/anteroom/anteroom.conf ${root}${prefix}/etc/anteroom/anteroom.conf.default)
    # Without the folders above, so that it can be unpacked anywhere.
    file(GLOB all ${root}${prefix}/*)
    file(COPY ${all} DESTINATION ${root} USE_SOURCE_PERMISSIONS)
    file(REMOVE_RECURSE ${root}/usr)
    return()
endif()

# Where Debian has completions for zsh, and how it wants documents.
if(EXISTS ${root}/usr/share/zsh/site-functions)
    file(RENAME ${root}/usr/share/zsh/site-functions ${root}/usr/share/zsh/vendor-completions)
endif()
set(doc ${root}/usr/share/doc/anteroom)
file(REMOVE ${doc}/LICENSE) # which is in `copyright`
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(${source}/packaging/deb/changelog.in ${doc}/changelog.Debian @ONLY)
configure_file(${source}/CHANGELOG.md ${doc}/changelog COPYONLY)
file(INSTALL ${source}/packaging/deb/lintian-overrides DESTINATION ${root}/usr/share/lintian/overrides RENAME anteroom)
file(GLOB_RECURSE pages ${root}/usr/share/man/*)
run(gzip -9n ${doc}/changelog ${doc}/changelog.Debian ${pages})
