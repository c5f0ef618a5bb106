// Whether a process ended as it would have without the SDK, and whether records came in time.

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Exit code, signal, standard output, standard error but for our notices. */
export function compareEnds(ours: Ended, control: Ended): string[] {
  const problems: string[] = [];
  if (ours.code !== control.code) {
    problems.push(`exit code ${ours.code}, without the SDK ${control.code}`);
  }
  if (ours.signal !== control.signal) {
    problems.push(`signal ${ours.signal}, without the SDK ${control.signal}`);
  }
  if (ours.stdout !== control.stdout) problems.push('standard output differs');
  const said = [ours, control].map(({ stderr }) => withoutNotices(stderr));
  if (said[0] !== said[1]) {
    problems.push(`standard error differs: "${said[0]}", without the SDK "${said[1]}"`);
  }
  return problems;
}

function withoutNotices(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !line.startsWith('otel-setup [') && !line.includes('"source":"otel-setup"'))
    .join('\n')
    .replaceAll(/\b(pid |==)?\d{2,7}(==)?\b/g, '#');
}

/** A fresh record is stored within 10 s of the last fault, and the wait it caused. */
export function checkLiveness(
  storedAtMs: number | undefined,
  healedAtMs: number,
  waitMs = 0,
): string[] {
  if (storedAtMs === undefined) return ['no fresh record was stored'];
  const tookMs = storedAtMs - healedAtMs;
  if (tookMs <= 10_000 + waitMs) return [];
  return [`a fresh record was stored ${Math.round(tookMs)} ms after the last fault`];
}
