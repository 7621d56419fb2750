// A line on the terminal that says how far a run is and how fast it goes; nothing where stderr is no terminal.
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
    /// Draws the line anew. `phase` is a word, `rates` what to say beside the bar.
    void show(double seconds, std::string_view phase, std::string_view rates);

  private:
    bool shown_;
    double seconds_;
    bool drawn_ = false;
};

}  // namespace anteroom::bench
