// A progress bar on stderr with the current rates; nothing is drawn unless stderr is a terminal.
#pragma once

#include <cstdint>
#include <string_view>

namespace anteroom::bench {

class progress {
  public:
    /// `seconds`: the whole run, as far as it is known.
    explicit progress(double seconds);
    ~progress();
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;

    bool shown() const { return shown_; }
    /// Redraws the line. `phase` is one word, `rates` the text beside the bar.
    void show(double seconds, std::string_view phase, std::string_view rates);

  private:
    bool shown_;
    double seconds_;
    bool drawn_ = false;
};

}  // namespace anteroom::bench
