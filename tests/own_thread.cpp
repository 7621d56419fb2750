// Catch2's assertions are not thread-safe: on two threads at once they abort the test, or count wrongly, now and then.
// With this listener one outside its test's own thread ends the program each time, and says where it is.
#include <catch2/catch_assertion_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>

#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

class own_thread_listener : public Catch::EventListenerBase {
  public:
    using EventListenerBase::EventListenerBase;

    void testCaseStarting(Catch::TestCaseInfo const& /*info*/) override { own_ = std::this_thread::get_id(); }

    void assertionStarting(Catch::AssertionInfo const& info) override {
        if (std::this_thread::get_id() == own_)
            return;
        auto const& [file, line] = info.lineInfo;
        std::fprintf(stderr, "%s:%zu: an assertion outside its test's thread; return what is to be checked\n", file,
                     line);
        std::abort();
    }

  private:
    std::thread::id own_;
};

}  // namespace

CATCH_REGISTER_LISTENER(own_thread_listener)
