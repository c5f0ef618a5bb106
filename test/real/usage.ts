// What a process uses, from outside (Linux).

import { readFileSync } from 'node:fs';

export interface Usage {
  /** User and system, since the process began. */
  readonly cpuSeconds: number;
  readonly rssMiB: number;
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;

export function usageOf(pid: number): Usage {
  // The second field is the program's name, which may hold spaces and brackets.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    rssMiB: Number(rss?.[1]) / 1_024,
  };
}
