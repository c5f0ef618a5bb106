#!/usr/bin/env node
// Stands before the build, so that npm can link the command on a fresh clone.

import '../dist/cjs/cli/main.js';
