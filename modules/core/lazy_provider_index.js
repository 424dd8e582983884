// Node preload (`--require`) for the process that runs the constructs. Output is the same with and without it.
'use strict';
const fs = require('fs');
const Module = require('module');
const path = require('path');
const threads = require('worker_threads');

// 1. A prebuilt provider package resolves to its own lazy index instead of the eager one: `lib/index.js` requires more
//    than two thousand modules at start; `lib/lazy-index.js` has the same exports behind getters, but no package.json
//    points there. jsii asks for the package by name; a folder is recognised too.
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const file = resolveFilename.call(this, request, ...rest);
  if (!/(^|[\\/])@cdkt[fn][\\/]provider-[^\\/]+$/.test(request) || path.basename(file) !== 'index.js') return file;
  const lazy = path.join(path.dirname(file), 'lazy-index.js');
  return fs.existsSync(lazy) ? lazy : file;
};

// 2. jsii has a worker write an index of a package's types beside its cached copy, so that later processes need not
//    parse the 120 MB that describe the AWS bindings. The worker dies with its process, and with (1) the process is
//    always done first: so the one process that finds no index waits for it. A preload runs in workers as well.
const LONGEST_WAIT_MS = 60_000;
const writesIndex = (file) => path.basename(String(file)) === 'runtime-index-worker.js';
if (threads.isMainThread) {
  const Worker = threads.Worker;
  threads.Worker = class extends Worker {
    constructor(file, options) {
      const finished = new Int32Array(new SharedArrayBuffer(4));
      super(file, writesIndex(file) ? { ...options, workerData: { ...options?.workerData, finished } } : options);
      if (writesIndex(file)) Atomics.wait(finished, 0, 0, LONGEST_WAIT_MS);
    }
  };
} else if (threads.workerData?.finished instanceof Int32Array) {
  const { finished } = threads.workerData;
  process.on('exit', () => {
    Atomics.store(finished, 0, 1);
    Atomics.notify(finished, 0);
  });
}
