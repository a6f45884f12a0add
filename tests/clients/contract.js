// Answers held against what the server publishes of itself at /openapi.json.

import assert from 'node:assert/strict';

import {package_file} from './packages.js';

const {default: {default: Ajv}} = await import(package_file('ajv', 'dist/2020.js'));

export class Contract {
  /** @param {any} document */
  constructor(document) {
    this.ajv = new Ajv({strict: false, validateFormats: false});
    this.ajv.addSchema(document, 'api');
  }

  /** @param {string} path as in the document @param {any} answer @param {number} [status] */
  holds(path, answer, status = 200) {
    const part = encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
    const check = this.ajv.compile({
      $ref: `api#/paths/${part}/get/responses/${status}/content/application~1json/schema`
    });
    assert.ok(check(answer), `${path}: ${JSON.stringify(check.errors)}`);
  }
}
