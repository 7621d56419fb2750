// Gives each file of the folders that it is called with to a fuzz target, once: where there is no fuzzer, what it has
// found stays tested.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

void run(std::filesystem::path const& file) {
    std::ifstream from(file, std::ios::binary);
    std::string const bytes{std::istreambuf_iterator<char>(from), {}};
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) try {
    int files = 0;
    for (int i = 1; i < argc; ++i) {
        for (auto const& each : std::filesystem::directory_iterator(argv[i])) {
            run(each.path());
            ++files;
        }
    }
    if (files == 0)
        std::fprintf(stderr, "no files\n");
    return files > 0 ? 0 : 1;
} catch (std::exception const& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
