// What a text is searched for where it may name a secret: the last words of keys, up to what separates them from a value.

import { maybeColour } from './colour.ts';

/** The last words of secret keys, each directly before what separates it from its value. */
const lastWords =
  'pass(?:word|wd|phrase|code)?s?|pwd|secrets?|token|key(?<=[a-z0-9_.$ -]key)|credentials?|jwt|bearer|sig(?:nature)?';

/** What may stand between a key and its separator: a word that changes nothing, a number, quotes, a bracket. */
const trailing =
  'value|header|confirm(?:ation)?|repeat|again|old|new|current|previous|raw|plain(?:text)?|base64|hash|digest|pem|v|prod(?:uction)?|staging|live|sandbox|dev|test';
const behindKey = `(?:[_-]?(?:${trailing}))?_?[0-9]{0,3}\\\\{0,7}["'\\]]{0,2}${maybeColour}\\s{0,2}`;
/** Told apart here, where it costs least: a text may hold nothing but such words. */
const noValue = '[&;,<]';
const plainWord = '[ \\t]{0,4}[a-z][a-z.:/_-]{0,40}(?:[\\s,;]|$)';
const behindFlagOrTag = '(?<=(?:--|[<:])[\\w.$-]{1,80}[ >])';

const separator = `${behindKey}(?:=(?!${noValue})|:(?!${noValue}|${plainWord}))`;
const flagOrTag = `(?: |>(?!<(?!!\\[CDATA)))${behindFlagOrTag}`;
const ofSql = `\\s{1,4}'(?<=(?:with|encrypted|by)\\s{1,4}password\\s{1,4}')`;
/** What a list has between a name and its value. */
const entry = `\\\\{0,7}["']${maybeColour}\\s{0,3},\\s{0,16}${maybeColour}\\\\{0,7}["']`;
const header = `(?:${behindKey}[:=]|[ >]|${entry})`;
const ofDocker = '\\\\{0,3}"\\s{0,2}:\\s{0,2}\\\\{0,3}"';

/** To be matched without regard to case. Few alternatives, by their first letters: each costs time at each place. */
export const assignmentStart: string = [
  `(?:${lastWords})(?:${separator}|${flagOrTag}|${ofSql}|%3d|${entry})`,
  `auth(?:orization${header}|${ofDocker}|=(?<=_auth=))`,
  `cookies?${header}`,
  `by\\s{1,4}'(?<=identified\\s{1,4}by\\s{1,4}')`,
  `value\\\\{0,7}["']?${maybeColour}:`,
  '-(?:u|-user) (?<=\\s-{1,2}u(?:ser)? )',
].join('|');
