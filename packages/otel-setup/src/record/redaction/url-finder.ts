// Hot path: runs on the caller's thread for every text with a URL in it.
// The password in `scheme://user:password@host`.

import { isHarmless } from './harmless.ts';
import { databaseCredentials, shapes, urlCredentials } from './shapes.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

export class UrlFinder {
  readonly #censor: string;
  readonly #webUrl = new RegExp(urlCredentials, 'y');
  readonly #databaseUrl = new RegExp(databaseCredentials, 'y');
  readonly #anyShape = new RegExp(shapes.map(({ pattern }) => pattern).join('|'));
  /** The next @, or the end: without one no URL has a password. */
  #at = -1;

  constructor(censor: string) {
    this.#censor = censor;
  }

  /** Before another text. */
  reset(): void {
    this.#at = -1;
  }

  /** Of the URL whose `://` stands at `at`. */
  find(text: string, at: number): Range | undefined {
    if (this.#at < at) {
      const found = text.indexOf('@', at);
      this.#at = found < 0 ? text.length : found;
    }
    if (this.#at === text.length) {
      return undefined;
    }
    const isWeb = /(?:https?|wss?|file)$/i.test(text.slice(Math.max(0, at - 5), at));
    return (
      this.#match(this.#webUrl, text, at) ??
      (isWeb ? undefined : this.#match(this.#databaseUrl, text, at))
    );
  }

  #match(pattern: RegExp, text: string, at: number): Range | undefined {
    pattern.lastIndex = at;
    const password = pattern.exec(text)?.[1];
    if (password === undefined || password === this.#censor || isHarmless(password)) {
      return undefined;
    }
    const to = pattern.lastIndex - 1;
    const from = to - password.length;
    // `https://ghp_...:x-oauth-basic@github.com`: some put the token where the user belongs.
    const hasTokenForUser = this.#anyShape.test(text.slice(at + 3, from - 1));
    return { from: hasTokenForUser ? at + 3 : from, to };
  }
}
