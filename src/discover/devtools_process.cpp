#include "discover/devtools_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "base/text.h"

extern char** environ;

namespace oddsloom {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kProfilePrefix = "oddsloom-browser-";
constexpr std::size_t kMostWords = 2'000;
constexpr int kBrowserReads = 3, kBrowserWrites = 4;  // as --remote-debugging-pipe wants them
constexpr int kAboveThose = 10;

tl::unexpected<Error> cannot(std::string_view what) {
  const int error = errno;
  return fail(ErrorKind::Unavailable, "browser", fmt::format("{}: {}", what, std::strerror(error)));
}

// Both ends close on exec, and lie above the numbers that the browser expects its own at.
bool make_pipe(std::array<int, 2>& ends) {
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  for (int& end : ends) {
    const int higher = ::fcntl(end, F_DUPFD_CLOEXEC, kAboveThose);
    ::close(end);
    end = higher;
  }
  return ends[0] >= 0 && ends[1] >= 0;
}

// Profiles whose process was killed before it could remove them.
void remove_left_profiles(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(kProfilePrefix)) continue;
    const auto digits = std::string_view(name).substr(kProfilePrefix.size());
    const auto owner = parse_int(digits.substr(0, digits.find('-')));
    std::error_code ignored;
    if (owner && *owner > 0 && ::kill(static_cast<pid_t>(*owner), 0) != 0 && errno == ESRCH)
      fs::remove_all(at->path(), ignored);
  }
}

Result<std::string> make_profile() {
  std::error_code error;
  const fs::path folder = fs::temp_directory_path(error);
  if (error) return fail(ErrorKind::Unavailable, "browser", "no folder for temporary files");
  remove_left_profiles(folder);
  std::string name = (folder / fmt::format("{}{}-XXXXXX", kProfilePrefix, ::getpid())).string();
  if (!::mkdtemp(name.data())) return cannot("its profile folder " + name);
  return name;
}

std::vector<std::string> command_of(const std::string& path, const BrowserProgram& program,
                                    const std::string& profile) {
  std::vector<std::string> out{
      path, "--headless=new", "--remote-debugging-pipe", "--user-data-dir=" + profile,
      "--no-first-run", "--no-default-browser-check", "--disable-breakpad",
      "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
      "--disable-extensions", "--disable-sync", "--mute-audio",
      // A page that nobody looks at goes on as if somebody did.
      "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding"};
  out.insert(out.end(), program.arguments.begin(), program.arguments.end());
  out.emplace_back("about:blank");
  return out;
}

bool is_program(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

bool has_ended(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         info.si_pid != 0;
}

// What this program was told in its environment, passwords among it, is not for the browser.
std::vector<char*> environment_of_browser() {
  std::vector<char*> out;
  for (char** at = environ; *at; ++at)
    if (!std::string_view(*at).starts_with("ODDSLOOM_")) out.push_back(*at);
  out.push_back(nullptr);
  return out;
}

// Process group and resident bytes of a process, from /proc; nothing when it has just ended.
struct ProcessSize {
  pid_t group = 0;
  std::uint64_t bytes = 0;
};
std::optional<ProcessSize> size_of(const fs::path& process) {
  std::ifstream in(process / "stat");
  std::string stat;
  std::getline(in, stat);
  const std::size_t name_end = stat.rfind(')');  // the name may hold spaces
  if (name_end == std::string::npos) return std::nullopt;
  const auto fields =
      split(std::string_view(stat).substr(std::min(name_end + 2, stat.size())), ' ');
  constexpr std::size_t kGroup = 2, kResidentPages = 21;  // counted from the state
  if (fields.size() <= kResidentPages) return std::nullopt;
  const auto group = parse_int(fields[kGroup]), pages = parse_int(fields[kResidentPages]);
  if (!group || !pages) return std::nullopt;
  static const auto kPageBytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return ProcessSize{static_cast<pid_t>(*group), static_cast<std::uint64_t>(*pages) * kPageBytes};
}

}  // namespace

Result<std::string> find_browser(const std::string& program) {
  if (program.find('/') != std::string::npos) {
    if (is_program(program)) return program;
  } else {
    const char* path = std::getenv("PATH");
    for (const std::string_view folder : split(path ? path : "", ':'))
      if (const std::string file = (fs::path(folder) / program).string(); is_program(file))
        return file;
  }
  return fail(ErrorKind::NotFound, "browser.program",
              fmt::format("there is no program '{}'; `apt-get install chromium`, or name another",
                          program));
}

Result<std::unique_ptr<BrowserProcess>> BrowserProcess::start(const BrowserProgram& program) {
  auto path = find_browser(program.program);
  if (!path) return tl::unexpected(path.error());
  auto profile = make_profile();
  if (!profile) return tl::unexpected(profile.error());
  std::unique_ptr<BrowserProcess> out(new BrowserProcess);
  out->profile_ = *profile;

  std::array<int, 2> commands{-1, -1}, answers{-1, -1}, errors{-1, -1};
  if (!make_pipe(commands) || !make_pipe(answers) || !make_pipe(errors)) {
    auto failed = cannot("no pipe to it");
    for (const int fd : {commands[0], commands[1], answers[0], answers[1], errors[0], errors[1]})
      if (fd >= 0) ::close(fd);
    return failed;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, errors[1], 2);
  posix_spawn_file_actions_adddup2(&actions, commands[0], kBrowserReads);
  posix_spawn_file_actions_adddup2(&actions, answers[1], kBrowserWrites);
  // A group of its own, so that Ctrl-C is ours to answer and all its processes can be ended; and
  // the signals that we hold back are not held back there.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  sigemptyset(&none);
  sigfillset(&usual);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> command = command_of(*path, program, *profile);
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int error = ::posix_spawn(&out->pid_, path->c_str(), &actions, &attributes,
                                  arguments.data(), environment_of_browser().data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  for (const int fd : {commands[0], answers[1], errors[1]}) ::close(fd);
  out->errors_ = errors[0];
  ::fcntl(out->errors_, F_SETFL, O_NONBLOCK);
  out->link_ = std::make_unique<DevToolsPipe>(answers[0], commands[1]);
  if (error == 0) return out;
  out->pid_ = -1;
  errno = error;
  return cannot(*path);
}

BrowserProcess::~BrowserProcess() {
  link_.reset();  // without it the browser goes by itself
  if (pid_ > 0) {
    constexpr int kLooks = 50;
    for (int look = 0; look < kLooks && !has_ended(pid_); ++look)
      std::this_thread::sleep_for(Millis(10));
    ::kill(-pid_, SIGKILL);  // or what it left behind; its number is its own until it is waited for
    ::waitpid(pid_, nullptr, 0);
  }
  if (errors_ >= 0) ::close(errors_);
  std::error_code ignored;
  fs::remove_all(profile_, ignored);
}

std::uint64_t BrowserProcess::memory_bytes() const {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    if (!parse_int(at->path().filename().string())) continue;
    if (const auto size = size_of(at->path()); size && size->group == pid_) bytes += size->bytes;
  }
  return bytes;
}

std::string BrowserProcess::last_words() {
  std::array<char, 4096> chunk{};
  for (ssize_t count; (count = ::read(errors_, chunk.data(), chunk.size())) > 0;) {
    words_.append(chunk.data(), static_cast<std::size_t>(count));
    if (words_.size() > kMostWords) words_.erase(0, words_.size() - kMostWords);
  }
  std::string line;
  for (const char c : words_) line += c >= ' ' && c <= '~' ? c : ' ';
  return std::string(trim(line));
}

}  // namespace oddsloom
