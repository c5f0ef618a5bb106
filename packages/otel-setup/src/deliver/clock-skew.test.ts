import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Answer } from './answer.ts';
import { ClockWatch, skewMs } from './clock-skew.ts';

const serverMs = Date.parse('Tue, 03 Mar 2026 10:00:00 GMT');
const hourMs = 3_600_000;

function answerAt(ms: number): Answer {
  const date = new Date(ms).toUTCString();
  const headers = { contentType: undefined, retryAfter: undefined, date };
  return { type: 'answer', status: 204, headers, body: new Uint8Array(), cut: false, wireBytes: 1 };
}

class Scene {
  readonly told: number[] = [];
  nowMs = serverMs;
  passedMs = 0;
  readonly watch: ClockWatch = new ClockWatch(
    {
      now: () => this.nowMs,
      monotonic: () => this.passedMs,
      setTimeout: () => assert.fail(),
      clearTimeout: () => undefined,
    },
    (skew) => this.told.push(skew),
  );

  /** An answer after `afterMs`, when ours is so far ahead. */
  answer(afterMs: number, aheadMs: number): void {
    this.passedMs += afterMs;
    this.nowMs = serverMs + this.passedMs + aheadMs;
    this.watch.look(answerAt(serverMs + this.passedMs));
  }
}

it('a clock ahead of the server is above 0, one behind it below', () => {
  assert.equal(skewMs(answerAt(serverMs), serverMs + 2 * hourMs), 2 * hourMs);
  assert.equal(skewMs(answerAt(serverMs), serverMs - 2 * hourMs), -2 * hourMs);
});

it('a failure, and an answer without a date, say nothing of the clock', () => {
  assert.equal(
    skewMs({ type: 'failure', kind: 'dns', message: '', code: undefined }, 0),
    undefined,
  );
  const answer = answerAt(serverMs) as Answer & { type: 'answer' };
  assert.equal(
    skewMs({ ...answer, headers: { ...answer.headers, date: undefined } }, 0),
    undefined,
  );
});

it('a clock that is wrong is told once, when two answers agree', () => {
  const scene = new Scene();
  scene.answer(0, -2 * hourMs);
  scene.answer(1_000, -2 * hourMs);
  assert.deepEqual(scene.told, []);
  scene.answer(6_000, -2 * hourMs);
  scene.answer(6_000, -2 * hourMs);
  assert.deepEqual(scene.told, [-2 * hourMs]);
});

it('a clock that is nearly right is not told', () => {
  const scene = new Scene();
  for (let i = 0; i < 10; i++) scene.answer(10_000, 4 * 60_000);
  assert.deepEqual(scene.told, []);
});

it('a clock that is being set, or runs at another speed, is not told', () => {
  const scene = new Scene();
  for (let i = 0; i < 10; i++) scene.answer(10_000, hourMs + i * 60_000);
  assert.deepEqual(scene.told, []);
});
