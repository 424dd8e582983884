// Node preload (`--require`): a prebuilt provider package resolves to its own lazy index instead of the eager one.
//
// `@cdktf/provider-aws/lib/index.js` requires more than two thousand modules at start; the package ships
// `lib/lazy-index.js` with the same exports behind getters, but its package.json does not point there. Output is the same.
'use strict';
const fs = require('fs');
const Module = require('module');
const path = require('path');

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const file = resolveFilename.call(this, request, ...rest);
  if (!/^@cdkt[fn]\/provider-/.test(request) || path.basename(file) !== 'index.js') return file;
  const lazy = path.join(path.dirname(file), 'lazy-index.js');
  return fs.existsSync(lazy) ? lazy : file;
};
