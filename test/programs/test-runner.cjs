// Runs one test file as Jest does: with a `require` and a Module of the runner's own, which are over when the file is
// and fail the run if they are asked for more. The file logs once and says nothing of a flush.
const nodes = require('node:module');
const { readFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { compileFunction } = require('node:vm');

let isTornDown = false;
const loaded = new Map();
class Module extends nodes.Module {}
Object.assign(Module, nodes.Module, { Module, createRequire: requireFrom });
process.getBuiltinModule = (name) => requireFrom(__filename)(name);

function requireFrom(from) {
  const { resolve } = nodes.createRequire(from);
  return Object.assign((name) => load(name, resolve(name)), { resolve });
}

function load(name, path) {
  if (isTornDown) {
    process.stderr.write(`require of ${name} after the test file's end\n`);
    process.exitCode = 1;
    return undefined;
  }
  if (nodes.isBuiltin(name)) return /^(node:)?module$/.test(name) ? Module : require(name);
  if (path.endsWith('.json')) return require(path);
  const known = loaded.get(path);
  if (known !== undefined) return known.exports;
  const module = { exports: {}, filename: path };
  loaded.set(path, module);
  const names = ['module', 'exports', 'require', '__filename', '__dirname'];
  const run = compileFunction(readFileSync(path, 'utf8'), names, { filename: path });
  run.call(module.exports, module, module.exports, requireFrom(path), path, dirname(path));
  return module.exports;
}

const { init } = requireFrom(__filename)('otel-setup');
const { logger, stats } = init();
logger.info('from a test file');
isTornDown = true;
const timer = setInterval(() => {
  if (stats().delivered === 0 && process.exitCode !== 1) return;
  clearInterval(timer);
}, 20);
