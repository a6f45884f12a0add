#include "app/assemble.h"
#include "app/commands.h"
#include "app/config_pages.h"
#include "app/console.h"

namespace oddsloom {

int execute(const ConfigOptions& options, const GlobalOptions& global) {
  const SettingTable table = settings_table();
  if (options.page == ConfigOptions::Page::Markdown) return printed(configuration_page(table));
  if (options.page == ConfigOptions::Page::Example) return printed(example_settings(table));
  const Start start = start_up(global);
  return printed(options.json ? effective_settings_json(table, start.settings()) + "\n"
                              : effective_settings(table, start.settings()));
}

}  // namespace oddsloom
