// What a command made on the disk goes with it, however it ends.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';

const program = `
  import { commandFolder, exitAt, keepFolder } from ${JSON.stringify(join(import.meta.dirname, 'command-folder.ts'))};
  exitAt('SIGINT', 'SIGTERM');
  const folders = [commandFolder('test'), commandFolder('test')];
  keepFolder(folders[1]);
  console.log(JSON.stringify(folders));
  process.stdin.resume();
`;

const ends = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['end', 0],
] as const;

for (const [end, exitCode] of ends) {
  const skip = process.platform === 'win32' && end !== 'end' ? 'Windows has no signals' : false;
  it(`a command's folder is gone after ${end}, unless it is kept`, { skip }, async (t) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface(child.stdout), 'line');
    const [gone = '', kept = ''] = JSON.parse(line) as string[];
    t.after(() => rmSync(kept, { recursive: true, force: true }));
    writeFileSync(join(gone, 'file'), '');
    if (end === 'end') child.stdin.end();
    else child.kill(end);
    assert.deepEqual(await once(child, 'close'), [exitCode, null]);
    assert.deepEqual([existsSync(gone), existsSync(kept)], [false, true]);
  });
}
