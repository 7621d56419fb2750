# `cmake --install`, in two components: `server`, the program and what it needs to run as a service, and `client`, the C++
# client for find_package(anteroom). `server` is what install() takes where no component is written, such as for man pages and
# completions; the packages contain whatever is in it.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

install(TARGETS anteroom RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT server)
# The unit, the configuration, the user, the documents.
configure_file(cmake/install_service.cmake.in install_service.cmake @ONLY)
install(SCRIPT ${CMAKE_CURRENT_BINARY_DIR}/install_service.cmake COMPONENT server)

install(
    TARGETS anteroom_client anteroom_client_runtime
    EXPORT anteroomTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT client
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT client
)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/anteroom)
install(EXPORT anteroomTargets NAMESPACE anteroom:: DESTINATION ${package} COMPONENT client)
write_basic_package_version_file(anteroomConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/anteroomConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/anteroomConfigVersion.cmake
        DESTINATION ${package} COMPONENT client
)
