# `cmake --install` and `cpack -G DEB`: the program, the bookmakers' folders, manual page, completions, the systemd
# unit, alert rules and a Grafana dashboard. The manual page and the completions are made by the program itself.
include(GNUInstallDirs)

set(pages ${PROJECT_BINARY_DIR}/pages)
set(program ${PROJECT_BINARY_DIR}/oddsloom)
file(MAKE_DIRECTORY ${pages})
# No shell between the program and its file: what fails is not installed.
install(CODE "
  function(page file)
    execute_process(COMMAND ${program} \${ARGN} OUTPUT_FILE ${pages}/\${file} COMMAND_ERROR_IS_FATAL ANY)
  endfunction()
  page(oddsloom.1 manual)
  page(oddsloom.bash completion bash)
  page(_oddsloom completion zsh)
  page(oddsloom.fish completion fish)
  execute_process(COMMAND gzip -9nf ${pages}/oddsloom.1 COMMAND_ERROR_IS_FATAL ANY)
")
install(TARGETS oddsloom RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY bookmakers DESTINATION ${CMAKE_INSTALL_DATADIR}/oddsloom
  PATTERN payloads EXCLUDE PATTERN expected EXCLUDE)
install(FILES ${pages}/oddsloom.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${pages}/oddsloom.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME oddsloom)
install(FILES ${pages}/_oddsloom DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${pages}/oddsloom.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES packaging/oddsloom.service DESTINATION lib/systemd/system)
install(FILES packaging/alerts.yml packaging/grafana-dashboard.json README.md CHANGELOG.md
  DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_PACKAGE_NAME oddsloom)
set(CPACK_PACKAGE_CONTACT "The oddsloom maintainers <maintainers@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Live odds of many bookmakers: complete, right and fresh")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "redis-server, chromium")
include(CPack)
