#include <anteroom/base/log.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace anteroom::log {

namespace {

struct sink {
    spdlog::sink_ptr to = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("anteroom", to);
    std::shared_ptr<spdlog::logger> access = std::make_shared<spdlog::logger>("access", to);
    format form = format::text;
};

sink& the_sink() {
    static sink instance;
    return instance;
}

spdlog::level::level_enum native(level at) noexcept {
    switch (at) {
        case level::debug:
            return spdlog::level::debug;
        case level::info:
            return spdlog::level::info;
        case level::warning:
            return spdlog::level::warn;
        case level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

}  // namespace

void configure(level least, format form) {
    auto& out = the_sink();
    out.form = form;
    out.logger->set_level(native(least));
    for (auto const& each : {out.logger, out.access})
        each->flush_on(spdlog::level::trace);
    out.to->set_pattern(form == format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})"
                                             : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

bool enabled(level at) noexcept {
    return the_sink().logger->should_log(native(at));
}

void write(level at, std::string_view text) {
    auto& out = the_sink();
    if (out.form == format::json)
        out.logger->log(native(at), "\"message\":{}", boost::json::serialize(boost::json::string(text)));
    else
        out.logger->log(native(at), "{}", text);
}

void access(std::string_view text, std::string_view json_fields) {
    auto& out = the_sink();
    if (out.form == format::json)
        out.access->info("\"access\":{{{}}}", json_fields);
    else
        out.access->info("access {}", text);
}

}  // namespace anteroom::log
