// Only in the static executable: how names of hosts are looked up.
#include <nss.h>

namespace {

// What else /etc/nsswitch.conf may name are shared libraries, made for the C library of the system and not for the one
// in here; these two are linked in. Before main(), since whatever looks up a name first fixes the list.
[[gnu::constructor]] void configure_name_lookup() {
    ::__nss_configure_lookup("hosts", "files dns");
}

}  // namespace
