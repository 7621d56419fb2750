# `cpack`: a .deb for Debian and Ubuntu, and a .tar.gz with the static executable, to unpack into /usr/local or anywhere. Both
# are the component `server` (packaging/stage.cmake).
set(ANTEROOM_MAINTAINER "The anteroom authors <authors@anteroom.example>" CACHE STRING "The maintainer of the .deb")

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_VENDOR "The anteroom authors")
set(CPACK_PACKAGE_FILE_NAME anteroom-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_INSTALL_CMAKE_PROJECTS "")
set(CPACK_INSTALL_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/stage.cmake)
# For that script.
set(CPACK_ANTEROOM_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_ANTEROOM_BUILD ${PROJECT_BINARY_DIR})

set(deb ${PROJECT_SOURCE_DIR}/packaging/deb)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${ANTEROOM_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${deb}/conffiles ${deb}/postinst ${deb}/prerm ${deb}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "publish/subscribe server for the web: long polling, SSE, WebSocket")
set(CPACK_PACKAGE_DESCRIPTION
    "anteroom delivers messages in named channels, called rooms, to browsers,
services and scripts over plain HTTP, with message history, resumable cursors,
presence and idempotent publishing. It keeps messages in memory.
.
This package has the server, which runs as a service, and its command-line
clients."
)
include(CPack)
