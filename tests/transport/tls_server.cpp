#include "tests/transport/tls_server.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace oddsloom {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kPatience{20};

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

pid_t spawn(const std::vector<std::string>& command, const std::string& package,
            const std::string& log_file) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, arguments[0], &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0)
    throw std::runtime_error("cannot run '" + command[0] + "': install the Debian package " +
                             package);
  return pid;
}

// The port a process listens on, found among its open sockets.
std::optional<std::uint16_t> listening_port(pid_t pid) {
  std::set<std::string> sockets;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd", error)) {
    const std::string target = fs::read_symlink(entry.path(), error).string();
    constexpr std::string_view kSocket = "socket:[";
    if (target.starts_with(kSocket))
      sockets.insert(target.substr(kSocket.size(), target.size() - kSocket.size() - 1));
  }
  std::ifstream table("/proc/net/tcp");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    const std::vector<std::string> column{std::istream_iterator<std::string>(fields), {}};
    constexpr std::size_t kLocal = 1, kState = 3, kInode = 9;
    if (column.size() <= kInode || column[kState] != "0A" || !sockets.contains(column[kInode]))
      continue;
    const std::string port = column[kLocal].substr(column[kLocal].find(':') + 1);
    return static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 16));
  }
  return std::nullopt;
}

}  // namespace

TempDir::TempDir() {
  std::string name = (fs::temp_directory_path() / "oddsloom-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary directory");
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void run_program(const std::vector<std::string>& command, const std::string& package,
                 const std::string& log_file) {
  const pid_t pid = spawn(command, package, log_file);
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || status != 0)
    throw std::runtime_error("'" + command[0] + "' failed (Debian package " + package +
                             "): " + read_file(log_file));
}

Certificates::Certificates() {
  std::ofstream(dir_.file("openssl.cnf")) << "[req]\ndistinguished_name = dn\n[dn]\n";
  std::ofstream(dir_.file("ca.cnf"))
      << "[req]\ndistinguished_name = dn\nx509_extensions = ca\n[dn]\n"
         "[ca]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign\n"
         "subjectKeyIdentifier = hash\n";
  for (const std::string name : {"trusted", "unknown"})
    run_program(
        {"openssl", "req", "-x509", "-config", dir_.file("ca.cnf"), "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test authority " + name,
         "-keyout", dir_.file(name + ".key"), "-out", dir_.file(name + ".pem")},
        "openssl", dir_.file("log"));
}

Certificates::Pair Certificates::issue(const std::string& by, const std::string& alt_names) const {
  const Pair pair{dir_.file("leaf-" + by + ".pem"), dir_.file("leaf-" + by + ".key")};
  std::ofstream(dir_.file("leaf.cnf"))
      << "basicConstraints = critical,CA:FALSE\nsubjectAltName = " << alt_names << "\n";
  run_program({"openssl", "req", "-config", dir_.file("openssl.cnf"), "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test server", "-keyout", pair.key,
               "-out", dir_.file("leaf.csr")},
              "openssl", dir_.file("log"));
  run_program({"openssl", "x509", "-req", "-in", dir_.file("leaf.csr"), "-CA", authority(by),
               "-CAkey", dir_.file(by + ".key"), "-CAcreateserial", "-days", "2", "-extfile",
               dir_.file("leaf.cnf"), "-out", pair.certificate},
              "openssl", dir_.file("log"));
  return pair;
}

ServerProcess::ServerProcess(const std::vector<std::string>& command, const std::string& package)
    : pid_(spawn(command, package, dir_.file("log"))) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_)
      throw std::runtime_error("'" + command[0] + "' ended at once (Debian package " + package +
                               "): " + read_file(dir_.file("log")));
    if (const auto port = listening_port(pid_)) {
      port_ = *port;
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  throw std::runtime_error("'" + command[0] + "' does not listen");
}

ServerProcess::~ServerProcess() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace oddsloom
