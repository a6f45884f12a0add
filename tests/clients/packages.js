// Where tests/clients/run put the packages.

import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const kFolder =
    process.env.ODDSLOOM_NODE_MODULES ?? fileURLToPath(new URL('../../build/clients', import.meta.url));

/** @param {string} name @param {string} file @returns {string} its URL */
export function package_file(name, file) {
  return pathToFileURL(join(kFolder, 'node_modules', name, file)).href;
}
