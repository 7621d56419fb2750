#include <anteroom/base/log.hpp>
#include <anteroom/base/log_queue.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

namespace anteroom::log {

namespace {

/// Lines go to stderr: into the queue, once there is one.
class stderr_sink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    /// Makes a line without logging it.
    std::string line(spdlog::level::level_enum at, std::string_view text) {
        std::lock_guard const lock(mutex_);
        spdlog::memory_buf_t out;
        formatter_->format(spdlog::details::log_msg("anteroom", at, spdlog::string_view_t(text.data(), text.size())),
                           out);
        return {out.data(), out.size()};
    }

    std::unique_ptr<queue> to;  // not guarded: set while nobody else logs

  private:
    void sink_it_(spdlog::details::log_msg const& what) override {
        spdlog::memory_buf_t out;
        formatter_->format(what, out);
        if (to)
            to->push({out.data(), out.size()});
        else
            std::fwrite(out.data(), 1, out.size(), stderr);  // which is unbuffered
    }
    void flush_() override {}
};

struct sink {
    sink() {
        // spdlog's own reports would go to stderr past the queue.
        for (auto const& each : {logger, access})
            each->set_error_handler([](std::string const&) { drop(); });
    }

    std::shared_ptr<stderr_sink> to = std::make_shared<stderr_sink>();
    std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("anteroom", to);
    std::shared_ptr<spdlog::logger> access = std::make_shared<spdlog::logger>("access", to);
    format form = format::text;
};

// Never destroyed: a thread that is stuck in a write refers to it until the process has ended.
sink& the_sink() {
    static auto* const instance = new sink;
    return *instance;
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

std::string json_member(std::string_view text) {
    return "\"message\":" + boost::json::serialize(boost::json::string(text));
}

std::string note_of(std::uint64_t dropped) {
    auto& out = the_sink();
    auto const text = fmt::format("{} line{} dropped here, which could not be written in time", dropped,
                                  dropped == 1 ? " was" : "s were");
    return out.to->line(spdlog::level::warn, out.form == format::json ? json_member(text) : text);
}

}  // namespace

void configure(level least, format form) {
    auto& out = the_sink();
    out.form = form;
    out.logger->set_level(native(least));
    out.to->set_pattern(form == format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})"
                                             : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

void start_queue() {
    the_sink().to->to = std::make_unique<queue>(STDERR_FILENO, note_of);
}

void flush(std::chrono::milliseconds most) noexcept {
    auto const& to = the_sink().to->to;
    try {
        if (to)
            to->flush(most);
    } catch (...) {  // what could not be waited for is lost
        return;
    }
}

void finish(std::chrono::milliseconds most) noexcept {
    auto& to = the_sink().to->to;
    try {
        // Unless its thread is in a write that may never end: the process ends with it.
        if (to && to->flush(most))
            to.reset();
    } catch (...) {
        return;
    }
}

std::uint64_t dropped() noexcept {
    auto const& to = the_sink().to->to;
    return to ? to->dropped() : 0;
}

void drop() noexcept {
    if (auto const& to = the_sink().to->to)
        to->drop();
}

bool enabled(level at) noexcept {
    return the_sink().logger->should_log(native(at));
}

void write(level at, std::string_view text) noexcept {
    auto& out = the_sink();
    try {
        if (out.form == format::json)
            out.logger->log(native(at), "{}", json_member(text));
        else
            out.logger->log(native(at), "{}", text);
    } catch (...) {
        drop();
    }
}

void access(std::string_view text, std::string_view json_fields) noexcept {
    auto& out = the_sink();
    try {
        if (out.form == format::json)
            out.access->info("\"access\":{{{}}}", json_fields);
        else
            out.access->info("access {}", text);
    } catch (...) {
        drop();
    }
}

}  // namespace anteroom::log
