# find_package(anteroom): the C++ client, as the target anteroom::client.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(Boost 1.83 CONFIG COMPONENTS json url)
include(${CMAKE_CURRENT_LIST_DIR}/anteroomTargets.cmake)
