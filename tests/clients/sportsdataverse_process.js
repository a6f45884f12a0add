// A process of its own for npm sportsdataverse: one call a line in, {"function", "parameters"}; one
// answer a line out, {"rows"} or {"status", "body"} of a refusal.

import {createInterface} from 'node:readline';

import {package_file} from './packages.js';

const {default: sdv} = await import(package_file('sportsdataverse', 'dist/index.js'));

for await (const line of createInterface({input: process.stdin})) {
  const call = JSON.parse(line);
  let answer;
  try {
    answer = {rows: await sdv.odds[call.function](call.parameters)};
  } catch (error) {
    answer = {status: error.response?.status, body: error.response?.data, error: error.message};
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
