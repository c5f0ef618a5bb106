// What a text is searched for where it may name a secret: the last words of keys, up to what separates them from a value.

/** The last words of secret keys, each directly before what separates it from its value. */
const lastWords =
  'pass(?:word|wd|phrase|code)?s?|pwd|secrets?|token|key|credentials?|jwt|bearer|sig(?:nature)?';
const headers = 'authorization|cookies?';

/** What may stand between a key and its separator: a word that changes nothing, a number, quotes, a bracket. */
const trailing =
  'value|header|confirm(?:ation)?|repeat|again|old|new|current|previous|raw|plain(?:text)?|base64|hash|digest|pem|v|prod(?:uction)?|staging|live|sandbox|dev|test';
const behindKey = `(?:[_.-]?(?:${trailing}))?_?[0-9]{0,3}\\\\{0,7}["'\\]]{0,2}(?:\\x1b\\[[0-9;]{1,8}m)?\\s{0,2}`;
/** Told apart here, where it costs least: a text may hold nothing but such words. */
const noValue = '[&;,<]';
const plainWord = '[ \\t]{0,4}[a-z][a-z.:/_-]{0,40}(?:[\\s,;]|$)';
const behindFlagOrTag = '(?<=(?:--|[<:])[\\w.$-]{1,80}[ >])';

/** To be matched without regard to case. Ends with the separator. */
export const assignmentStart: string = [
  `(?:${lastWords})(?:${behindKey}(?:=(?!${noValue})|:(?!${noValue}|${plainWord}))|(?: |>(?!<(?!!\\[CDATA)))${behindFlagOrTag})`,
  `(?:${headers})(?:${behindKey}[:=]|[ >])`,
].join('|');
