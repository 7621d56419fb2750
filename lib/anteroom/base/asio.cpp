// Asio and Beast are header-only libraries; their non-template parts are compiled here, once for the whole program.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
