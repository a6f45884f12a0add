#include "app/assemble.h"
#include "app/commands.h"
#include "app/completion.h"
#include "app/console.h"
#include "app/manual_page.h"
#include "app/version.h"

namespace oddsloom {
namespace {

Shell shell_of(PageOptions::Page page) {
  switch (page) {
    case PageOptions::Page::Zsh:
      return Shell::Zsh;
    case PageOptions::Page::Fish:
      return Shell::Fish;
    default:
      return Shell::Bash;
  }
}

}  // namespace

int execute(const PageOptions& options, const GlobalOptions& global) {
  const HelpCommand program = help_tree();
  if (options.page == PageOptions::Page::Manual)
    return printed(manual_page(program, std::string(kVersion)));
  const Start start = start_up(global);
  return printed(completion_script(shell_of(options.page), program,
                                   bookmaker_names(start.settings().text("bookmakers", "folder"))));
}

}  // namespace oddsloom
