// The subcommands, one file each. Every one builds what it needs, does its work and gives the exit
// code (options.h); a start that is not possible throws BadStart. Called by main, once.
#pragma once

#include "app/options.h"

namespace oddsloom {

int execute(const ExtractOptions& options, const GlobalOptions& global);
int execute(const ListenOptions& options, const GlobalOptions& global);
int execute(const IngestOptions& options, const GlobalOptions& global);
int execute(const PushOptions& options, const GlobalOptions& global);
int execute(const MapOptions& options, const GlobalOptions& global);
int execute(const ShowOptions& options, const GlobalOptions& global);
int execute(const StreamsOptions& options, const GlobalOptions& global);
int execute(const DeadOptions& options, const GlobalOptions& global);
int execute(const LinksOptions& options, const GlobalOptions& global);
int execute(const LinkOptions& options, const GlobalOptions& global);
int execute(const WatchOptions& options, const GlobalOptions& global);
int execute(const DoctorOptions& options, const GlobalOptions& global);
int execute(const CheckOptions& options, const GlobalOptions& global);
int execute(const SimulateOptions& options, const GlobalOptions& global);
int execute(const RunOptions& options, const GlobalOptions& global);
int execute(const ServeOptions& options, const GlobalOptions& global);
int execute(const KeyOptions& options, const GlobalOptions& global);
int execute(const ConfigOptions& options, const GlobalOptions& global);
int execute(const PageOptions& options, const GlobalOptions& global);
int execute(const VersionOptions& options, const GlobalOptions& global);

}  // namespace oddsloom
