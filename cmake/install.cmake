# `cmake --install`: bin/anteroom, and the C++ client for find_package(anteroom). Man pages and completions are installed by
# app/anteroom/CMakeLists.txt.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

install(TARGETS anteroom RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(
    TARGETS anteroom_client anteroom_client_runtime
    EXPORT anteroomTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/anteroom)
install(EXPORT anteroomTargets NAMESPACE anteroom:: DESTINATION ${package})
write_basic_package_version_file(anteroomConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/anteroomConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/anteroomConfigVersion.cmake
        DESTINATION ${package}
)
