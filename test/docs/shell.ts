// Lines for a shell as commands and their words, as far as the pages need it: quotes, continued lines, pipes, comments.

export interface Command {
  readonly words: readonly string[];
  /** The variables that stand before it: `LOG_ROUTE=alloy node app.js`. */
  readonly variables: readonly string[];
  /** Of its first line, from 0. */
  readonly line: number;
}

const token =
  /\\\n|(\n)|[ \t]+|#[^\n]*|(&&|\|\||[;|])|(?:\d?>>?|<)[ \t]*(?:"[^"]*"|\S+)|((?:\\[^\n]|"(?:\\[\s\S]|\$\([^)]*\)|[^"\\])*"|'[^']*'|<[\w /:.-]+>|[^\s"';|&<>\\])+)|(.)/g;

/** @throws where a character has no place. */
export function commandsOf(text: string): Command[] {
  const found: Command[] = [];
  let words: string[] = [];
  let line = 0;
  for (const {
    0: whole,
    1: newline,
    2: operator,
    3: word,
    4: strange,
    index,
  } of `${text}\n`.matchAll(token)) {
    if (strange !== undefined) throw new Error(`What is ${strange} in: ${text}`);
    if (word !== undefined) {
      if (words.length === 0) line = text.slice(0, index).split('\n').length - 1;
      words.push(whole.replace(/^(\w+=)?(["'])([\s\S]*)\2$/, '$1$3'));
    } else if (words.length > 0 && (newline ?? operator) !== undefined) {
      found.push(commandOf(words, line));
      words = [];
    }
  }
  return found;
}

function commandOf(words: readonly string[], line: number): Command {
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  const at = first < 0 ? words.length : first;
  return { words: words.slice(at), variables: words.slice(0, at), line };
}
